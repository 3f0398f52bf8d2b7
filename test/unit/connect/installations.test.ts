import { describe, expect, test } from "vitest";
import { memoryInstallations } from "../../../src/connect/installations.ts";
import { installationStoreSuite } from "../../../src/testing/index.ts";

describe("memoryInstallations", () => {
  for (const { name, run } of installationStoreSuite(() => memoryInstallations())) {
    test(name, run);
  }

  test("starts with what it is given", () => {
    const one = { clientKey: "a", sharedSecret: "s" };
    const store = memoryInstallations([one]);
    one.sharedSecret = "changed";
    expect(store.find("a")).toEqual({ clientKey: "a", sharedSecret: "s" });
  });

  test("of two records of one Forge installation the one that was saved last counts", () => {
    const store = memoryInstallations([
      { clientKey: "a", sharedSecret: "s", installationId: "i" },
      { clientKey: "b", sharedSecret: "s", installationId: "i" },
    ]);
    expect(store.findByForgeInstallation("i")?.clientKey).toBe("b");
    store.save({ clientKey: "a", sharedSecret: "s", installationId: "i" });
    expect(store.findByForgeInstallation("i")?.clientKey).toBe("a");
  });
});
