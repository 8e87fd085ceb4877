import { brotliCompressSync, gzipSync } from "node:zlib";
import { join } from "node:path";
import type { Plugin } from "vite";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

/** Text is compressed once, here, so that the server only picks a file. */
const text = /\.(?:js|mjs|css|html|svg)$/;

export const compress = (): Plugin => ({
  name: "compress",
  apply: "build",
  writeBundle({ dir }) {
    for (const file of readdirSync(dir!, { recursive: true, encoding: "utf8" })) {
      if (!text.test(file)) continue;
      const path = join(dir!, file);
      const bytes = readFileSync(path);
      writeFileSync(`${path}.br`, brotliCompressSync(bytes));
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    }
  },
});
