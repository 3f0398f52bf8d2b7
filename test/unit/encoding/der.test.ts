import { createPublicKey, generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DerReader, derTag, readDer, writeDer } from "../../../src/encoding/der.ts";
import { KeyError } from "../../../src/errors.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");
const refused = expect.objectContaining({
  name: "KeyError",
  code: "ERR_KEY_INVALID",
  message: 'key is not well-formed "DER"',
  hint: "the text may be cut off or changed: export the key again and pass the whole of it",
});
const octets = (input: string) => readDer(bytes(input), (der) => der.octetString());

describe("lengths (X.690 sections 8.1.3 and 10.1)", () => {
  it("reads the short form, and the long form where it is needed", () => {
    expect(hex(octets("04 00"))).toBe("");
    expect(hex(octets("04 02 0102"))).toBe("0102");
    expect(octets(`04 7f ${"00".repeat(127)}`)).toHaveLength(127);
    expect(octets(`04 81 80 ${"00".repeat(128)}`)).toHaveLength(128);
    expect(octets(`04 82 0100 ${"00".repeat(256)}`)).toHaveLength(256);
    expect(octets(`04 83 010000 ${"00".repeat(65_536)}`)).toHaveLength(65_536);
  });

  it("stops at three octets of length: no key has 16 MiB", () => {
    const long = new Uint8Array(2 ** 24 + 6);
    long.set([0x04, 0x84, 0x01]);
    expect(() => readDer(long, (der) => der.octetString())).toThrow(refused);
  });

  it.each([
    ["nothing", ""],
    ["a tag alone", "04"],
    ["a length without its octets", "04 81"],
    ["less content than said", "04 02 01"],
    ["more content than said", "04 01 0102"],
    ["the indefinite form", "04 80 0000"],
    ["the indefinite form with as much as its octet would say", `04 80 ${"00".repeat(128)}`],
    ["a long form that the short one covers", `04 81 7f ${"00".repeat(127)}`],
    ["a length with a leading zero", `04 82 00ff ${"00".repeat(255)}`],
    ["a length of three octets with a leading zero", `04 83 00ffff ${"00".repeat(65_535)}`],
    ["four octets of length", "04 84 00000001 00"],
    ["the reserved length octet", "04 ff"],
    ["another tag", "05 00"],
    ["a tag of more than one octet", "1f 04 00"],
    ["a constructed string", "24 04 0402 0102"],
  ])("refuses %s", (_, input) => {
    expect(() => octets(input)).toThrow(refused);
  });
});

describe("values", () => {
  it.each([
    ["02 01 00", ""],
    ["02 01 01", "01"],
    ["02 01 7f", "7f"],
    ["02 02 0080", "80"],
    ["02 03 010001", "010001"],
  ])("reads the INTEGER %s as the magnitude %s", (input, magnitude) => {
    expect(hex(readDer(bytes(input), (der) => der.integer()))).toBe(magnitude);
  });

  it.each([
    ["without octets", "02 00"],
    ["negative", "02 01 80"],
    ["padded", "02 02 0001"],
    ["zero twice", "02 02 0000"],
  ])("refuses an INTEGER %s", (_, input) => {
    expect(() => readDer(bytes(input), (der) => der.integer())).toThrow(refused);
  });

  it.each([
    ["06 09 2a864886f70d010101", "1.2.840.113549.1.1.1"],
    ["06 09 608648016503040102", "2.16.840.1.101.3.4.1.2"],
    ["06 03 2b6570", "1.3.101.112"],
    ["06 03 883703", "2.999.3"],
    ["06 01 00", "0.0"],
    ["06 01 27", "0.39"],
    ["06 01 28", "1.0"],
    ["06 01 4f", "1.39"],
    ["06 01 50", "2.0"],
  ])("reads the OBJECT IDENTIFIER %s as %s", (input, dotted) => {
    expect(readDer(bytes(input), (der) => der.objectIdentifier())).toBe(dotted);
  });

  it.each([
    ["without octets", "06 00"],
    ["with a padded arc", "06 03 2a8001"],
    ["that ends within an arc", "06 02 2a86"],
    ["with an arc beyond exact numbers", "06 0a 2affffffffffffffff7f"],
  ])("refuses an OBJECT IDENTIFIER %s", (_, input) => {
    expect(() => readDer(bytes(input), (der) => der.objectIdentifier())).toThrow(refused);
  });

  it("reads a BIT STRING of whole octets alone", () => {
    expect(hex(readDer(bytes("03 03 00ff01"), (der) => der.bitString()))).toBe("ff01");
    expect(() => readDer(bytes("03 00"), (der) => der.bitString())).toThrow(refused);
    expect(() => readDer(bytes("03 02 0180"), (der) => der.bitString())).toThrow(refused);
  });

  it("reads a NULL without content alone", () => {
    expect(() => readDer(bytes("05 01 00"), (der) => der.null())).toThrow(refused);
    expect(readDer(bytes("05 00"), (der) => der.null())).toBe(undefined);
  });
});

describe("structure", () => {
  it("reads a SEQUENCE by its schema, and all of it", () => {
    const input = bytes("30 06 020105 0401aa");
    const read = readDer(input, (der) => der.sequence((inner) => [inner.integer(), inner.octetString()].map(hex)));
    expect(read).toEqual(["05", "aa"]);
    expect(() => readDer(input, (der) => der.sequence((inner) => inner.integer()))).toThrow(refused);
  });

  it("shows the next tag, and the end", () => {
    const reader = new DerReader(bytes("0500"));
    expect(reader.tag).toBe(derTag.null);
    reader.null();
    expect(reader.tag).toBe(undefined);
  });

  it("does not descend on its own: nesting costs nothing", () => {
    const nested = bytes(`308203e8 ${"3080".repeat(500)}`);
    expect(readDer(nested, (der) => der.content(derTag.sequence))).toHaveLength(1000);
  });

  it("walks what node:crypto writes", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const read = readDer(publicKey.export({ type: "spki", format: "der" }), (der) =>
      der.sequence((spki) => ({
        algorithm: spki.sequence((inner) => [inner.objectIdentifier(), inner.objectIdentifier()]),
        point: spki.bitString().length,
      })),
    );
    expect(read).toEqual({ algorithm: ["1.2.840.10045.2.1", "1.2.840.10045.3.1.7"], point: 65 });
  });
});

describe("writing", () => {
  it.each([
    [0, "0400"],
    [127, "047f"],
    [128, "048180"],
    [255, "0481ff"],
    [256, "04820100"],
    [65_536, "0483010000"],
  ])("gives %i octets the shortest length", (length, head) => {
    const written = writeDer(derTag.octetString, new Uint8Array(length));
    expect(hex(written.subarray(0, head.length / 2))).toBe(head);
    expect(written).toHaveLength(head.length / 2 + length);
  });

  it("joins the parts into what node:crypto reads", () => {
    const { publicKey } = generateKeyPairSync("ed25519");
    const raw = Buffer.from(publicKey.export({ format: "jwk" }).x as string, "base64url");
    const algorithm = writeDer(derTag.sequence, writeDer(derTag.objectIdentifier, [0x2b, 0x65, 0x70]));
    const spki = writeDer(derTag.sequence, algorithm, writeDer(derTag.bitString, [0], raw));
    const key = createPublicKey({ key: Buffer.from(spki), type: "spki", format: "der" });
    expect(key.equals(publicKey)).toBe(true);
  });
});

describe("anything", () => {
  it("reads back what it wrote, and no other spelling", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 400 }), (tag, content) => {
        const written = writeDer(tag, content);
        expect(readDer(written, (der) => der.content(tag))).toEqual(content);
        expect(() => readDer(written.subarray(0, -1), (der) => der.content(tag))).toThrow(refused);
        expect(() => readDer(Uint8Array.of(...written, 0), (der) => der.content(tag))).toThrow(refused);
      }),
    );
  });

  it("has one spelling for each value: what it accepts, it writes again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (content) => {
        const input = Uint8Array.of(derTag.octetString, ...content);
        try {
          expect(writeDer(derTag.octetString, readDer(input, (der) => der.octetString()))).toEqual(input);
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("throws nothing but its own error", () => {
    const readers: ((der: DerReader) => unknown)[] = [
      (der) => der.integer(),
      (der) => der.bitString(),
      (der) => der.objectIdentifier(),
      (der) => der.null(),
      (der) => der.sequence((inner) => inner.sequence((innermost) => innermost.integer())),
    ];
    const tags = fc.constantFrom(0x02, 0x03, 0x04, 0x05, 0x06, 0x30);
    fc.assert(
      fc.property(fc.constantFrom(...readers), tags, fc.uint8Array({ maxLength: 64 }), (read, tag, rest) => {
        try {
          readDer(Uint8Array.of(tag, ...rest), read);
        } catch (error) {
          expect(error).toBeInstanceOf(KeyError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
