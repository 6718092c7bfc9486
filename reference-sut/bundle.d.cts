/** Bundles one program into one CommonJS file, mode 755. `define` holds strings, by the name that the source declares. */
export function bundle(program: {
  readonly from: string;
  readonly to: string;
  readonly define: Readonly<Record<string, string>>;
}): void;
