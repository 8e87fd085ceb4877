import type { Actor, Command, Input, Market, MarketPorts, Outcome } from "./ports.ts";
import type { Asked } from "./fifo.ts";
import { GAP_MS, createAppending } from "./appending.ts";
import { createKeys } from "./keys.ts";
import { REPEAT, createJudge } from "./judge.ts";
import { createFifo, unknown } from "./fifo.ts";
import { keyOf } from "./turn.ts";
import { type ActorRef, REPAIRED } from "../domain/row.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { createDeadlines } from "./deadlines.ts";
import { createQuarantine } from "./quarantine.ts";
import { marketClock } from "./market-clock.ts";
import { ms } from "../domain/time.ts";
import { readStored } from "./sound.ts";
import { recover } from "./recover.ts";
import { refusal } from "../domain/errors.ts";
import { upcastTurn } from "./versions.ts";

/** E5: entries that may wait for the log; past it, `busy`. */
const WAITING_LIMIT = 20_000;
/** M7: no commit for so long although something waits: no deadline is fed, no offer made. */
const UNHEALTHY_MS = 1_000;
const TICK_MS = 250;
/** A deadline that the log refused as data waits so long before it is fed again. */
const AGAIN_MS = 1_000;
/**
 * Opens a market: recovers its actors from the log, then decides, writes, acts: in that order, always (E1).
 * Everything is decided on the newest, maybe uncommitted state; nothing is told before it is in the log.
 */
export const openMarket = async (ports: MarketPorts): Promise<Market> => {
  const { log, clock, meaning } = ports;
  const { actors, folded, newestAt, givenAt, unsound } = await recover(log, meaning);
  const { lastAliveAt } = log.taken;
  const now = marketClock(clock, lastAliveAt, newestAt);
  const keys = createKeys({ log, clock, now, committed: () => appending.committed() });

  let alive = true;
  let lastTick = now();
  /** Everything up to then was given back, or is on its way into the log: nothing is before the start. */
  let givenUntil = Infinity;
  /** What entered until then is the time given back: `Infinity` while it is being said. */
  let owedUntil = Infinity;
  const loading = new Map<string, Promise<Actor | undefined>>();

  const fifo = createFifo({
    clock,
    alarm: ports.alarm,
    committed: (turn) => {
      for (const { after } of turn.steps) checkpoints.changed(quarantine.mark(after) ?? after);
      ports.committed(upcastTurn(meaning, turn));
      for (const { row, after } of turn.steps) if (row.type === REPAIRED) quarantine.left(after);
    },
  });
  const appending = createAppending({
    log,
    clock,
    meaning,
    aliveAt: () => (owes() ? null : now()),
    fifo,
    appended: ports.appended,
    fenced: () => lose(),
    resumed: (gapMs) => giveBack(now() - gapMs),
    refused: (open, culprit, why) => {
      ports.alarm("the log refused rows as data", {
        sqlstate: why.sqlstate,
        detail: why.detail,
        alone: culprit !== undefined,
      });
      for (const entry of open.toReversed()) judge.undo(entry);
      for (const entry of open) {
        if (entry === culprit)
          entry.outcome = {
            is: "refused",
            refusal: refusal("internal", "the log refused this command"),
          };
        else judge.judge(entry);
      }
    },
  });
  const checkpoints = createCheckpoints({
    log,
    clock,
    meaning,
    // M8: who waits for the log could answer nobody since, and whoever takes the market then gives that time back.
    aliveAt: () => (owes() ? null : ms(Math.floor(now() - appending.stalledMs()))),
    committed: appending.committed,
    stored: (actor) => {
      if (!meaning.live(actor) && actors.get(keyOf(actor)) === actor) actors.delete(keyOf(actor));
    },
    fenced: () => lose(),
  });
  const healthy = () => alive && appending.stalledMs() < UNHEALTHY_MS;
  const deadlines = createDeadlines({
    clock,
    meaning,
    now,
    view: (key) => (quarantine.has(key) ? undefined : actors.get(key)),
    mayFeed: () => !noticeGap() && healthy(),
    feed: (actor, event) => say(actor, event),
    stuck: (actor, event) =>
      ports.alarm("a deadline changed nothing", {
        actor: keyOf(actor),
        state: actor.state,
        event: event.type,
      }),
  });

  const quarantine = createQuarantine({
    log,
    meaning,
    alarm: ports.alarm,
    actors,
    now,
    committed: appending.committed,
    changed: (actor) => checkpoints.changed(actor),
    say: (to, event) => say(to, event),
  });
  const judge = createJudge({
    log,
    meaning,
    alarm: ports.alarm,
    actors,
    keys,
    quarantine,
    moved: (actor) => deadlines.arm(actor),
    restored: (actor) => deadlines.arm(actor, now() + AGAIN_MS),
  });

  const enter = (asked: Asked): void => {
    judge.judge(fifo.enter(asked, now()));
    appending.pump();
  };
  const full = () => fifo.waiting() >= WAITING_LIMIT;
  const submit = (command: Command, done: (outcome: Outcome) => void): void => {
    if (!alive) return done(unknown);
    // The server's own words are few, and nobody would say them again.
    if (full() && command.by !== "system") return done(busy);
    const key = keyOf(command.to);
    if (actors.has(key) || quarantine.has(key) || command.event.type === "create")
      return recalled(command, done);
    // Passivated or never there: only the log knows. Later commands to the same actor stay behind this one.
    void load(command.to).then(
      () => recalled(command, done),
      () => done(unknown),
    );
  };
  /** What its key did is looked at last: nothing may come between that and its judgement (M104). */
  const recalled = (command: Command, done: (outcome: Outcome) => void): void => {
    const recalling = command.key === null ? undefined : keys.recall(command.key);
    if (recalling === undefined) return enter({ is: "command", command, done });
    void recalling.then(
      () => submit(command, done),
      () => done(unknown),
    );
  };
  /** The server's own word to an actor. */
  const say = (to: ActorRef, event: Input): void =>
    submit({ to: { kind: to.kind, id: to.id }, event, by: "system", key: null, hash: 0 }, () => {});

  const load = (to: ActorRef): Promise<Actor | undefined> => {
    const key = keyOf(to);
    if (actors.has(key) || quarantine.has(key)) return Promise.resolve(actors.get(key));
    const fetching =
      loading.get(key) ??
      readStored(log, meaning, to)
        .then((found) => {
          // Born meanwhile by another command? Then memory is newer.
          if (actors.has(key)) return actors.get(key);
          if (found.why !== null) quarantine.hold(to, found, 0);
          else if (found.good !== undefined) {
            actors.set(key, found.good);
            checkpoints.changed(found.good); // stored once more, so that it leaves memory again if it is over
          }
          return actors.get(key);
        })
        .finally(() => loading.delete(key));
    loading.set(key, fetching);
    return fetching;
  };

  /** Nobody could answer from then until now: each stretch is given back once (M8). */
  const giveBack = (since: number): void => {
    const from = Math.max(since, givenUntil);
    givenUntil = now();
    if (givenUntil <= from) return;
    owedUntil = Infinity;
    const before = [...actors.values()]; // what is said below changes the map
    for (const actor of before) {
      // M90: some may have it from one who was killed before all had.
      const gapMs = givenUntil - Math.max(from, givenAt.get(keyOf(actor)) ?? 0);
      for (const event of meaning.afterGap(actor, gapMs)) say(actor, event);
    }
    owedUntil = now(); // deciding all that took its time
  };
  /** The process itself stood still: in that time nobody could answer an offer (M8). */
  const stoodStill = (): boolean => alive && now() - lastTick > GAP_MS + TICK_MS;
  const noticeGap = (): boolean => {
    const since = lastTick;
    const gap = stoodStill();
    lastTick = now();
    if (gap) giveBack(since);
    return gap;
  };
  /** M90: time is to be given back that the log does not have yet. */
  const owes = (): boolean => stoodStill() || (fifo.oldest()?.at ?? Infinity) <= owedUntil;
  const tick = (): void => {
    noticeGap();
    fifo.answerOverdue();
    keys.forgetBefore(now());
    quarantine.settle();
    cancelTick = clock.after(TICK_MS, tick);
  };
  let cancelTick = () => {};

  const stop = (): void => {
    alive = false;
    cancelTick();
    deadlines.stop();
    keys.stop();
  };
  /** Somebody else owns this market now: what is in memory is worth nothing. */
  const lose = (): void => {
    if (!alive) return;
    stop();
    void checkpoints.stop();
    fifo.abandon();
    ports.fenced();
  };

  // At once: a checkpoint before `start` must not pass over them.
  for (const key of folded) checkpoints.changed(actors.get(key)!);
  for (const found of unsound) {
    quarantine.hold(found, found, log.taken.position);
    checkpoints.changed(quarantine.mark(found)!);
  }

  return {
    id: log.market,
    now,
    start() {
      for (const actor of actors.values()) deadlines.arm(actor);
      lastTick = now();
      cancelTick = clock.after(TICK_MS, tick);
      givenUntil = owedUntil = lastAliveAt ?? 0;
      if (lastAliveAt !== null && now() - lastAliveAt > GAP_MS) giveBack(lastAliveAt);
      keys.refill();
    },
    submit,
    recall: keys.recall,
    repeat(key, hash, done) {
      const known = keys.get(key);
      if (known === undefined) return false;
      if (!alive || full()) {
        done(alive ? busy : unknown);
        return true;
      }
      enter({
        is: "command",
        command: { to: known.to, event: { type: REPEAT }, by: "system", key, hash },
        done,
      });
      return true;
    },
    peek: (to) => actors.get(keyOf(to)),
    read: (of, done) => (alive && !full() ? enter({ is: "read", of, done }) : done({ is: "unknown" })),
    load,
    *all(kind) {
      for (const actor of actors.values()) if (actor.kind === kind) yield actor;
    },
    quarantine,
    healthy,
    get stats() {
      return { waiting: fifo.waiting(), rows: appending.rows(), position: appending.committed() };
    },
    async close() {
      stop();
      await appending.idle();
      await checkpoints.stop();
      await checkpoints.write();
      fifo.abandon();
    },
  };
};

const busy: Outcome = { is: "refused", refusal: refusal("busy", "too many commands wait for the log") };
