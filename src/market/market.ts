import type { Actor, Command, Input, Market, MarketPorts, Outcome } from "./ports.ts";
import type { Asked } from "./fifo.ts";
import { GAP_MS, createAppending } from "./appending.ts";
import { createKeys, dayOf } from "./keys.ts";
import { REPEAT, createJudge } from "./judge.ts";
import { createFifo, unknown } from "./fifo.ts";
import { keyOf } from "./turn.ts";
import type { ActorRef } from "../domain/row.ts";
import { actorOf, fold } from "./fold.ts";
import { createCheckpoints } from "./checkpoints.ts";
import { createDeadlines } from "./deadlines.ts";
import { marketClock } from "./market-clock.ts";
import { recover } from "./recover.ts";
import { refusal } from "../domain/errors.ts";

/** E5: entries that may wait for the log; past it, `busy`. */
const WAITING_LIMIT = 20_000;
/** M7: no commit for so long although something waits: no deadline is fed, no offer made. */
const UNHEALTHY_MS = 1_000;
const TICK_MS = 250;
/**
 * Opens a market: recovers its actors from the log, then decides, writes, acts: in that order, always (E1).
 * Everything is decided on the newest, maybe uncommitted state; nothing is told before it is in the log.
 */
export const openMarket = async (ports: MarketPorts): Promise<Market> => {
  const { log, clock, meaning } = ports;
  const now = marketClock(clock, log.taken.lastAliveAt);
  const { actors, folded } = await recover(log);
  const keys = createKeys();
  keys.refill(await log.remembered(`${dayOf(now()) - 1}:`));

  let alive = true;
  let lastTick = clock.monotonic();
  let givenUntil = -Infinity;
  const loading = new Map<string, Promise<Actor | undefined>>();

  const fifo = createFifo({
    clock,
    alarm: ports.alarm,
    committed: (turn) => {
      for (const step of turn.steps) checkpoints.changed(step.after);
      ports.committed(turn);
    },
  });
  const appending = createAppending({
    log,
    clock,
    meaning,
    fifo,
    appended: ports.appended,
    fenced: () => lose(),
    resumed: (gapMs) => giveBack(clock.monotonic() - gapMs),
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
    now,
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
    view: (key) => actors.get(key),
    mayFeed: () => !noticeGap() && healthy(),
    feed: (actor, event) => say(actor, event),
    stuck: (actor, event) =>
      ports.alarm("a deadline changed nothing", {
        actor: keyOf(actor),
        state: actor.state,
        event: event.type,
      }),
  });

  const judge = createJudge({ log, meaning, alarm: ports.alarm, actors, keys, moved: deadlines.arm });

  const enter = (asked: Asked): void => {
    judge.judge(fifo.enter(asked, now()));
    appending.pump();
  };
  const full = () => fifo.waiting() >= WAITING_LIMIT;
  const submit = (command: Command, done: (outcome: Outcome) => void): void => {
    if (!alive) return done(unknown);
    // The server's own words are few, and nobody would say them again.
    if (full() && command.by !== "system") return done(busy);
    if (actors.has(keyOf(command.to)) || command.event.type === "create")
      return enter({ is: "command", command, done });
    // Passivated or never there: only the log knows. Later commands to the same actor stay behind this one.
    void load(command.to).then(
      () => enter({ is: "command", command, done }),
      () => done(unknown),
    );
  };
  /** The server's own word to an actor. */
  const say = (to: ActorRef, event: Input): void =>
    submit({ to: { kind: to.kind, id: to.id }, event, by: "system", key: null, hash: 0 }, () => {});

  const load = (to: ActorRef): Promise<Actor | undefined> => {
    const key = keyOf(to);
    if (actors.has(key)) return Promise.resolve(actors.get(key));
    const fetching =
      loading.get(key) ??
      log
        .actor(to.kind, to.id)
        .then(({ stored, since }) => {
          // Born meanwhile by another command? Then memory is newer.
          if (actors.has(key)) return actors.get(key);
          // A checkpoint does not wait for the disk: after a crash of the database its row may be an older one.
          const actor = since.reduce<Actor | undefined>(fold, stored === null ? undefined : actorOf(stored));
          if (actor !== undefined) {
            actors.set(key, actor);
            checkpoints.changed(actor); // stored once more, so that it leaves memory again if it is over
          }
          return actors.get(key);
        })
        .finally(() => loading.delete(key));
    loading.set(key, fetching);
    return fetching;
  };

  /** Nobody could answer from that moment of the clock until now: each stretch is given back once (M8). */
  const giveBack = (since: number): void => {
    const gapMs = clock.monotonic() - Math.max(since, givenUntil);
    givenUntil = clock.monotonic();
    if (gapMs <= 0) return;
    const before = [...actors.values()]; // what is said below changes the map
    for (const actor of before)
      for (const event of meaning.afterGap(actor, Math.round(gapMs))) say(actor, event);
  };
  /** The process itself stood still: in that time nobody could answer an offer (M8). */
  const noticeGap = (): boolean => {
    const since = lastTick;
    lastTick = clock.monotonic();
    if (lastTick - since <= GAP_MS + TICK_MS) return false;
    giveBack(since);
    return true;
  };
  const tick = (): void => {
    noticeGap();
    fifo.answerOverdue();
    keys.forgetBefore(now());
    cancelTick = clock.after(TICK_MS, tick);
  };
  let cancelTick = () => {};

  const stop = (): void => {
    alive = false;
    cancelTick();
    deadlines.stop();
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

  return {
    id: log.market,
    now,
    start() {
      for (const actor of actors.values()) deadlines.arm(actor);
      lastTick = clock.monotonic();
      cancelTick = clock.after(TICK_MS, tick);
      const absentMs = log.taken.lastAliveAt === null ? 0 : now() - log.taken.lastAliveAt;
      if (absentMs > GAP_MS) giveBack(clock.monotonic() - absentMs);
    },
    submit,
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
