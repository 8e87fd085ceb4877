import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "../../src/config.ts";
import { readRoads } from "../../src/map-roads.ts";
import { webAddress } from "../../src/web-address.ts";
import { keptSecret } from "../../src/secret.ts";

const refusalOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("the configuration was accepted");
};

describe("the environment", () => {
  test("S20: given nothing, then the server listens on loopback, port 8000, for itself only", () => {
    expect(readConfig({})).toMatchObject({
      host: "127.0.0.1",
      port: 8000,
      metricsPort: null,
      databaseUrl: null,
      dataDir: "./data",
      jwtSecret: null,
      jwks: null,
      corsOrigins: [],
      marketsFile: null,
      mapTiles: null,
      mapRoadsFile: null,
      logLevel: "info",
      transport: "auto",
    });
  });

  test("S20: an empty variable is an unset one", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: " ", DG_CORS_ORIGINS: "" })).toEqual(readConfig({}));
  });

  test("S20: every name of the contract is taken", () => {
    expect(
      readConfig({
        HOST: "0.0.0.0",
        PORT: "0",
        METRICS_PORT: "9100",
        DATABASE_URL: "postgresql://u:p@one:5432,two:5432/dg",
        DG_DATA_DIR: "/var/lib/dg",
        DG_JWT_SECRET: "s".repeat(32),
        DG_JWKS: "./jwks.json",
        DG_CORS_ORIGINS: "https://a.example/, http://localhost:5173",
        DG_MARKETS: "./markets.json",
        DG_MAP_TILES: "https://tiles.example/{z}/{x}/{y}.png",
        DG_MAP_ATTRIBUTION: "Example",
        DG_MAP_ROADS: "./roads.geojson",
        DG_LOG_LEVEL: "warn",
        DG_NODE_ID: "node-1",
        DG_TRANSPORT: "uws",
        PATH: "/usr/bin",
      }),
    ).toEqual({
      host: "0.0.0.0",
      port: 0,
      metricsPort: 9100,
      databaseUrl: "postgresql://u:p@one:5432,two:5432/dg",
      dataDir: "/var/lib/dg",
      jwtSecret: "s".repeat(32),
      jwks: "./jwks.json",
      corsOrigins: ["https://a.example", "http://localhost:5173"],
      marketsFile: "./markets.json",
      mapTiles: { url: "https://tiles.example/{z}/{x}/{y}.png", attribution: "Example" },
      mapRoadsFile: "./roads.geojson",
      logLevel: "warn",
      nodeId: "node-1",
      transport: "uws",
    });
  });

  test.each([
    ["DG_MARKTES", "DG_MARKETS"],
    ["DG_JWT_SECRTE", "DG_JWT_SECRET"],
    ["DG_CORS_ORIGIN", "DG_CORS_ORIGINS"],
    ["DG_LOGLEVEL", "DG_LOG_LEVEL"],
    ["DG_PORT", "PORT"],
    ["DG_HSOT", "HOST"],
    ["DG_DATABASE_URL", "DATABASE_URL"],
  ])("S21: an unknown %s is refused, and %s suggested", (name, suggestion) => {
    expect(refusalOf({ [name]: "x" })).toBe(`${name} is not a setting; did you mean ${suggestion}?`);
  });

  test.each([
    ["PORT", "80a"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["METRICS_PORT", "1.5"],
    ["DATABASE_URL", "mysql://localhost/dg"],
    ["REDIS_URL", "redis://localhost"],
    ["DG_LOG_LEVEL", "loud"],
    ["DG_CORS_ORIGINS", "https://a.example/path"],
    ["DG_CORS_ORIGINS", "a.example"],
    ["DG_NODE_ID", "a b"],
    ["DG_TRANSPORT", "tcp"],
    ["DG_JWKS", "https://user:pass@id.example/jwks.json"],
    ["DG_JWKS", "https://:80"],
    ["DG_JWT_SECRET", "s".repeat(31)],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318"],
  ])("S20: %s=%s is refused in one line that names it", (name, value) => {
    const message = refusalOf({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name} `));
    expect(message).not.toContain("\n");
  });

  test.each(["https://id.example/jwks.json", "http://127.0.0.1:9000/keys"])(
    "S40: given DG_JWKS=%s, then it is a URL, and no password of one is repeated",
    (url) => {
      expect(readConfig({ DG_JWKS: url }).jwks).toEqual(new URL(url));
      expect(refusalOf({ DG_JWKS: url.replace("//", "//dg:secret@") })).not.toContain("secret");
    },
  );

  test.each(["se/cret", "1a#b", "a?b", "100%"])(
    "M48: a password %s as it is, is refused without being repeated; encoded it is taken",
    (password) => {
      const url = (written: string) => ({ DATABASE_URL: `postgres://dg:${written}@one:5432,two/dg?a=b` });
      const message = refusalOf(url(password));
      expect(message).toMatch(/^DATABASE_URL must be like .*%2F/);
      expect(message).not.toContain(password);
      expect(readConfig(url(encodeURIComponent(password)))).toMatchObject({
        databaseUrl: url(encodeURIComponent(password)).DATABASE_URL,
      });
    },
  );
});

describe("the file of roads", () => {
  const fileOf = (text: string) => {
    const file = join(mkdtempSync(join(tmpdir(), "dg-roads-")), "roads.json");
    writeFileSync(file, text);
    return file;
  };

  test("S61: GeoJSON is taken as it is", () => {
    const text = '{"type":"FeatureCollection","features":[]}';
    expect(Buffer.from(readRoads(fileOf(text))).toString()).toBe(text);
  });

  test.each(["{", "[]", "null", '{"type":"Topology"}', "<gpx/>"])(
    "S61: given %s, then the start is refused in one line that names the setting",
    (text) => {
      expect(() => readRoads(fileOf(text))).toThrow(/^DG_MAP_ROADS: [^\n]+$/);
      expect(() => readRoads("/nowhere/roads.json")).toThrow(/^DG_MAP_ROADS: .*roads\.json/);
    },
  );
});

describe("links", () => {
  test.each([
    ["127.0.0.1", "http://127.0.0.1:8000"],
    ["0.0.0.0", "http://127.0.0.1:8000"],
    ["::", "http://[::1]:8000"],
    ["::1", "http://[::1]:8000"],
    ["dispatch.example", "http://dispatch.example:8000"],
  ])("S62: given HOST=%s, then the links that are printed begin with %s", (host, link) => {
    expect(webAddress(host, 8000)).toBe(link);
  });
});

describe("the secret kept in the data folder", () => {
  const folder = () => mkdtempSync(join(tmpdir(), "dg-secret-"));

  test("S22: it is made once, readable by its owner only, and the same after a restart", () => {
    const dataDir = join(folder(), "data");
    const made = keptSecret(dataDir);
    expect(Buffer.from(made, "base64url")).toHaveLength(32);
    expect(statSync(join(dataDir, "jwt-secret")).mode & 0o777).toBe(0o600);
    expect(keptSecret(dataDir)).toBe(made);
    expect(keptSecret(folder())).not.toBe(made);
  });

  test("S22: a file cut short is refused, and left as it is", () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, "jwt-secret"), "abc");
    expect(() => keptSecret(dataDir)).toThrow(ConfigError);
    expect(readFileSync(join(dataDir, "jwt-secret"), "utf8")).toBe("abc");
  });
});
