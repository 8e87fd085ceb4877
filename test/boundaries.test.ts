import { describe, expect, test } from "vitest";
import { join, relative } from "node:path";
import { readFileSync, readdirSync } from "node:fs";

// The import table of the architecture as a failing test. A folder may import from itself and from what is
// listed here: other folders (types only, where the entry says so) and packages.
interface Rule {
  readonly from: readonly string[];
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
}
const table: Readonly<Record<string, Rule>> = {
  "src/domain": { from: [] },
  machines: { from: ["src/domain"], packages: ["xstate"] },
  "src/location": { from: ["src/domain"], packages: ["h3-js"] },
  "src/dispatch": { from: ["src/domain"], types: ["src/location"] },
  "src/pricing": { from: ["src/domain", "src/dispatch"] },
  "src/log": { from: ["src/domain"], packages: ["postgres"] },
  "src/market": { from: ["src/domain"], types: ["src/log", "xstate"] },
  "src/protocol": { from: ["src/domain", "machines"], packages: ["zod", "msgpackr"] },
  "src/socket": { from: ["src/domain"], packages: ["uWebSockets.js", "ws"] },
  "src/session": {
    from: ["src/domain", "src/protocol", "machines", "src/pricing", "src/dispatch"],
    types: ["src/market", "src/socket", "src/location"],
    packages: ["jose", "uuidv7"],
  },
  "src/publish": {
    from: ["src/domain", "src/protocol", "machines"],
    types: ["src/market", "src/session", "src/location"],
  },
  "src/effects": {
    from: ["src/domain", "src/protocol", "machines", "src/dispatch", "src/location/port.ts", "src/publish"],
    types: ["src/market", "src/session"],
  },
  "src/http": {
    from: ["src/domain", "src/protocol", "machines", "src/dispatch", "src/session", "src/publish"],
    types: ["src/market", "src/socket", "src/location", "src/log"],
    packages: ["uuidv7"],
  },
  "src/replay": { from: ["src/domain", "src/log", "src/market", "machines/sender.ts"] },
  "src/archive": { from: ["src/domain", "src/log", "src/market", "src/replay"], packages: ["zod"] },
  "web/src": {
    from: ["src/client", "src/protocol", "src/domain"],
    types: ["geojson"],
    packages: ["react", "react-dom", "antd", "maplibre-gl"],
  },
  "src/doctor": {
    from: ["src/domain", "src/log", "src/market", "src/replay"],
    types: ["machines"],
  },
  "src/client": { from: ["src/domain", "src/protocol"], types: ["zod"], packages: ["msgpackr"] },
};

const root = join(import.meta.dirname, "..");
interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
  readonly isPackage: boolean;
}

const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(root, file), "utf8");
  const found: Import[] = [];
  for (const [, typeOnly, named, dynamic] of text.matchAll(
    /(?:^|\n)(?:import|export)\s+(type\s+)?(?:[^"';]*?from\s+)?"([^"]+)"|import\("([^"]+)"\)/g,
  )) {
    const target = (named ?? dynamic)!;
    const isPackage = !target.startsWith(".");
    found.push({
      file,
      target: isPackage ? target : relative(root, join(root, file, "..", target)),
      typeOnly: typeOnly !== undefined,
      isPackage,
    });
  }
  return found;
};

const folderOf = (file: string): string =>
  /^(src|web)\//.test(file) ? file.split("/").slice(0, 2).join("/") : file.split("/")[0]!;
const packageOf = (target: string): string =>
  target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");

const allowed = (folder: string, rule: Rule, one: Import): boolean => {
  if (one.isPackage) {
    if (one.target.startsWith("node:")) return true;
    if (rule.packages?.includes(packageOf(one.target))) return true;
    return one.typeOnly && rule.types?.includes(packageOf(one.target)) === true;
  }
  const to = folderOf(one.target);
  if (to === folder) return true;
  if (rule.from.includes(to) || rule.from.includes(one.target)) return true;
  return one.typeOnly && rule.types?.includes(to) === true;
};

describe("boundaries", () => {
  test.each(Object.entries(table))("M1: %s imports only what the table allows", (folder, rule) => {
    const files = filesUnder(folder);
    expect(files.length, `${folder} has files`).toBeGreaterThan(0);
    const broken = files.flatMap(importsOf).filter((one) => !allowed(folder, rule, one));
    expect(broken.map((one) => `${one.file} imports ${one.target}`)).toEqual([]);
  });

  test("M1: packages that decide have one importing folder", () => {
    const only: Readonly<Record<string, string>> = {
      "uWebSockets.js": "src/socket",
      ws: "src/socket",
      postgres: "src/log",
      "h3-js": "src/location",
    };
    const broken = filesUnder("src")
      .concat(filesUnder("machines"))
      .flatMap(importsOf)
      .filter((one) => one.isPackage && only[packageOf(one.target)] !== undefined)
      .filter((one) => folderOf(one.file) !== only[packageOf(one.target)]);
    expect(broken.map((one) => `${one.file} imports ${one.target}`)).toEqual([]);
  });

  test("M1: one file loads uWebSockets.js; its neighbours know only its types", () => {
    const loaders = filesUnder("src")
      .flatMap(importsOf)
      .filter((one) => one.isPackage && one.target === "uWebSockets.js" && !one.typeOnly);
    expect(loaders.map((one) => one.file)).toEqual(["src/socket/uws-server.ts"]);
  });

  test("M1: pure folders touch neither the process, the clock nor chance", () => {
    const impure =
      /\bprocess\.|\bDate\.now\(|\bnew Date\(\)|Math\.random\(|\bsetTimeout\(|\bsetInterval\(|from "node:/;
    const broken = ["machines", "src/dispatch", "src/pricing"]
      .flatMap(filesUnder)
      .filter((file) =>
        impure.test(readFileSync(join(root, file), "utf8").replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, "")),
      );
    expect(broken).toEqual([]);
  });

  test("M1: main is imported by nobody, and only config reads the environment", () => {
    const files = filesUnder("src").concat(filesUnder("machines"));
    expect(files.flatMap(importsOf).filter((one) => one.target === "src/main.ts")).toEqual([]);
    const readers = files.filter((file) => /process\.env/.test(readFileSync(join(root, file), "utf8")));
    expect(
      readers.filter(
        (file) =>
          ![
            "src/config.ts",
            "src/main.ts",
            "src/replay-main.ts",
            "src/log-main.ts",
            "src/doctor-main.ts",
          ].includes(file),
      ),
    ).toEqual([]);
  });

  test("M1: files stay readable: none over 300 lines", () => {
    const long = filesUnder("src")
      .concat(filesUnder("machines"), filesUnder("bench"))
      .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });
});
