import { createPublicKey, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, encodeBase64, readPem, writePem } from "../../../src/encoding/pem.ts";

const content = Uint8Array.from({ length: 120 }, (_, i) => (i * 37) & 255);
const base64 = Buffer.from(content).toString("base64");
const lines = base64.match(/.{1,64}/g) ?? [];
const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
const key = { label: "PRIVATE KEY", bytes: content, hasProcType: false };
const certificate = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

describe("disguises", () => {
  it.each([
    ["as it is written", pem],
    ["CRLF", pem.replaceAll("\n", "\r\n")],
    ["CR alone", pem.replaceAll("\n", "\r")],
    ["a byte order mark", `\ufeff${pem}`],
    ["leading and trailing white space", `\n  \t${pem}\n\n`],
    ["trailing spaces", pem.replaceAll("\n", " \r\n")],
    ["indented lines", pem.replaceAll("\n", "\n    ")],
    ["no newline at the end", pem.trimEnd()],
    ["escaped newlines", pem.replaceAll("\n", String.raw`\n`)],
    ["escaped CRLF", pem.replaceAll("\n", String.raw`\r\n`)],
    ["spaces for newlines", pem.replaceAll("\n", " ")],
    ["a body of one line", ["-----BEGIN PRIVATE KEY-----", base64, "-----END PRIVATE KEY-----"].join("\n")],
    ["no newlines at all", pem.replaceAll("\n", "")],
    ["quotation marks", `"${pem.replaceAll("\n", String.raw`\n`)}"`],
    ["apostrophes", `'${pem}'`],
  ])("sees through %s", (_, text) => {
    expect(readPem(text)).toEqual({ blocks: [key], isAlone: true });
  });

  it("says when text stands around the block", () => {
    expect(readPem(`Bag Attributes\n    friendlyName: jira\n${pem}`)).toEqual({ blocks: [key], isAlone: false });
    expect(readPem(`${pem}the end`)).toEqual({ blocks: [key], isAlone: false });
  });

  it("finds every block, in order", () => {
    const other = { label: "CERTIFICATE", bytes: Uint8Array.of(1, 2, 3), hasProcType: false };
    expect(readPem(`${certificate}${pem}`)).toEqual({ blocks: [other, key], isAlone: true });
    expect(readPem(`${pem}between\n${certificate}`)).toEqual({ blocks: [key, other], isAlone: false });
  });

  it("finds none where none begins", () => {
    expect(readPem("")).toEqual({ blocks: [], isAlone: true });
    expect(readPem("<html>403 Forbidden</html>")).toEqual({ blocks: [], isAlone: false });
    expect(readPem("---- BEGIN SSH2 PUBLIC KEY ----")).toEqual({ blocks: [], isAlone: false });
  });
});

describe("broken frames", () => {
  it.each([
    ["no end", pem.slice(0, -30)],
    ["an end cut off", pem.trimEnd().slice(0, -1)],
    ["another label at the end", pem.replace("END PRIVATE", "END PUBLIC")],
    ["a block within a block", `-----BEGIN PRIVATE KEY-----\n${pem}`],
    ["a second block without end", `${pem}-----BEGIN PRIVATE KEY-----\nAAAA\n`],
    ["no label", "-----BEGIN -----\nAAAA\n-----END -----\n"],
    ["a label of lower case", "-----BEGIN key-----\nAAAA\n-----END key-----\n"],
    ["a label without dashes after it", "-----BEGIN PRIVATE KEY"],
    ["a label too long", `-----BEGIN ${"A".repeat(65)}-----\nAAAA\n-----END ${"A".repeat(65)}-----\n`],
  ])("knows %s", (_, text) => {
    expect(readPem(text)).toBe(undefined);
  });
});

describe("bodies", () => {
  it("knows the headers of traditional encryption", () => {
    const headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,F013C4D2CE7C632D6207B831871F965D\n\n";
    const text = pem.replace("-----\n", `-----\n${headers}`);
    expect(readPem(text)).toEqual({ blocks: [{ ...key, bytes: undefined, hasProcType: true }], isAlone: true });
  });

  it("leaves out bytes that are not base64", () => {
    const text = pem.replace(base64.slice(0, 4), "Zm*v");
    expect(readPem(text)).toEqual({ blocks: [{ ...key, bytes: undefined }], isAlone: true });
  });
});

// The vectors of RFC 4648 section 10.
describe("base64", () => {
  it.each([
    ["", ""],
    ["Zg==", "f"],
    ["Zm8=", "fo"],
    ["Zm9v", "foo"],
    ["Zm9vYg==", "foob"],
    ["Zm9vYmE=", "fooba"],
    ["Zm9vYmFy", "foobar"],
    [" Zm9v\r\n\tYmFy \ufeff", "foobar"],
  ])("decodes %j", (text, decoded) => {
    expect(decodeBase64(text)).toEqual(Uint8Array.from(Buffer.from(decoded)));
  });

  it("uses + and /", () => {
    expect(decodeBase64("+/+/")).toEqual(Uint8Array.of(0xfb, 0xff, 0xbf));
    expect(decodeBase64("-_-_")).toBe(undefined);
  });

  it.each(["Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zm8", "Zm9=v", "Zh==", "Zm9=", "Zm9*", "Zm9vé===", "Zm9v\0"])(
    "refuses %j",
    (text) => {
      expect(decodeBase64(text)).toBe(undefined);
    },
  );

  it("agrees with node's buffers on every length, in both directions", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
        expect(decodeBase64(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
      }),
    );
  });
});

describe("writing", () => {
  it("writes what node:crypto writes and reads", () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const written = writePem("PUBLIC KEY", publicKey.export({ type: "spki", format: "der" }));
    expect(written).toBe(publicKey.export({ type: "spki", format: "pem" }));
    expect(createPublicKey(written).equals(publicKey)).toBe(true);
  });

  it("reads back what it wrote", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const block = { label: "X509 CRL", bytes, hasProcType: false };
        expect(readPem(writePem("X509 CRL", bytes))).toEqual({ blocks: [block], isAlone: true });
      }),
    );
  });
});

describe("anything", () => {
  const fragment = fc.constantFrom("-----BEGIN ", "-----END ", "-----", "A KEY", "\n", "\\n", "AAAA", "=", " ", ":");
  const fragments = fc.array(fragment, { maxLength: 30 }).map((all) => all.join(""));
  const text = fc.oneof(fc.string({ unit: "binary" }), fragments);

  it.each(["-----BEGIN A-----BEGIN -----END A-----", "-----BEGIN A-----AAAA-----END A-----BEGIN "])(
    "begins no block on another line's dashes: %s",
    (input) => {
      expect(readPem(input)).toBeUndefined();
    },
  );

  it("is read without an exception", () => {
    fc.assert(
      fc.property(text, (input) => {
        const read = readPem(input);
        const begun = input.split("-----BEGIN ").length - 1;
        if (read !== undefined) expect(read.blocks).toHaveLength(begun);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["begun blocks", "-----BEGIN A-----"],
    ["unfinished labels", "-----BEGIN "],
    ["whole blocks", "-----BEGIN A-----AAAA-----END A-----"],
    ["dashes", "-"],
    ["backslashes", "\\"],
    ["padding", "="],
    ["white space", " \n"],
    ["base64 with white space", "A \n"],
  ])("is read in linear time: %s", (_, unit) => {
    const start = performance.now();
    const input = unit.repeat(4_000_000 / unit.length);
    readPem(input);
    decodeBase64(input);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
