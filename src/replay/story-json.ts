import type { Life } from "./replay.ts";

/**
 * A life as `--json` gives it, a list of one or more (oldest market first):
 * `{market: {id, key, name}, kind, id, steps, state, differences}`.
 * A step is `{position, turn, seq, at, since_start_ms, type, cause, from, to, body, changed, effects, machine,
 * epoch}`: `at` is ISO 8601, `cause` is `{is: "command", role, user, key}` (`key` null where none was given),
 * `{is: "row", position, actor, type}` or `{is: "server"}`, `changed` lists `{field, before, after}`, where a missing side was no value.
 * `state` is `{seq, state, context}` after the last step. `differences` lists `{row, field, logged, replayed}`,
 * and is null without `--verify`.
 */
export const storyJson = (lives: readonly Life[], verified: boolean) =>
  lives.map(({ market, steps, differences }) => {
    const { kind, id, seq, state, context } = steps.at(-1)!.after;
    const start = steps[0]!.row.at;
    return {
      market: { id: market.id, key: market.key, name: market.name },
      kind,
      id,
      steps: steps.map(({ row, cause, changed }) => ({
        position: row.position,
        turn: row.turn,
        seq: row.seq,
        at: new Date(row.at).toISOString(),
        since_start_ms: row.at - start,
        type: row.type,
        cause,
        from: row.fromState,
        to: row.toState,
        body: row.body,
        changed,
        effects: row.effects,
        machine: row.machine,
        epoch: row.epoch,
      })),
      state: { seq, state, context },
      differences: verified ? differences : null,
    };
  });
