/** Writes the bill of what is built from these files. */
export declare function writeBillOfMaterials(path: string, entryPoints: readonly string[]): Promise<void>;
export declare function billOfMaterials(entryPoints: readonly string[]): Promise<string>;
