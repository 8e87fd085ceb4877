import { describe, expect, test } from "vitest";
import { add, inOneLine, noTotals, totalOf } from "./totals.ts";
import { inWords, replayCommand } from "./words.ts";
import { neverWritesCancels } from "./broken.ts";
import { openPlayer } from "./player.ts";
import { shrink } from "./shrink.ts";
import { simulate } from "./simulate.ts";
import { tellFailure } from "./tell-failure.ts";
import { tellStory } from "./story.ts";

const BUDGET_MS = 50_000;
const AT_LEAST = 1_000;

describe("simulation", () => {
  test("E100: given a seed, when it is played twice, then the log and every word said are the same; another seed is another story", async () => {
    const [once, twice, other] = [tellStory(4), tellStory(4), tellStory(5)];
    expect(twice).toEqual(once);
    const { digest, counts } = await simulate(once);
    expect(counts.acknowledged).toBeGreaterThan(20);
    expect(await simulate(twice)).toMatchObject({ digest, counts });
    expect((await simulate(other)).digest).not.toBe(digest);
  });

  test("E102: given a server that acknowledges what it never wrote, when stories are played, then it is found and told as a short story with the command that plays it", async () => {
    const play = (story: ReturnType<typeof tellStory>) => simulate(story, { tamper: neverWritesCancels });
    let seed = 1;
    while ((await play(tellStory(seed))).findings.length === 0) seed += 1;
    expect(seed).toBeLessThan(20);
    const whole = tellStory(seed);
    const { law } = (await play(whole)).findings[0]!;
    const { story, ending } = await shrink(whole, law, play);
    expect(story.acts.length).toBeLessThanOrEqual(4);
    expect(story.faults.length).toBeLessThanOrEqual(1);
    const told = inWords(story, ending.findings);
    expect(told).toMatch(/^seed \d+: .*passenger/);
    expect(told).toMatch(/ cancels/);
    expect(told).toContain(`BROKEN ${law}`);
    expect(replayCommand(seed)).toBe(`npm run simulate -- --from ${seed} --seeds 1`);
  }, 60_000);

  test("I1, I2, I3, I4, I5, I6, I7, I8, I10, I11, E153, E155: given crashes, stalls, thefts, a database that lies or is gone for a minute, rows that cannot be read for a while, and networks that fail, when all has healed, then nobody is in quarantine, and every law held", async () => {
    const total = noTotals();
    const started = performance.now();
    const tookMs = () => performance.now() - started;
    const player = openPlayer();
    for (let seed = 1; seed <= AT_LEAST || tookMs() < BUDGET_MS; seed++) {
      const story = tellStory(seed);
      const ending = await player.play(story);
      add(total, totalOf(story, ending));
      const [first] = ending.findings;
      if (first !== undefined) expect.fail(await tellFailure(story, first, player));
    }
    player.close();
    console.log(inOneLine(total, tookMs()));
    expect(Object.keys(total.faults)).toHaveLength(17);
    expect(total.faults["database gone a minute"]).toBeGreaterThan(50);
    expect(total.faults["rows unreadable"]).toBeGreaterThan(50);
  }, 400_000);
});
