import { type Limit, createLimit } from "./session/limits.ts";
import type { Clock } from "./domain/time.ts";
import type { Limits } from "./limits.ts";
import { trustIn } from "./socket/trust.ts";

/** The limits in force: who asks too often, and whose word is taken for who asks. */
export interface Admission {
  readonly policy: Limits;
  readonly connections: Limit;
  readonly messages: Limit;
  readonly registrations: Limit;
  /** Whether the peer at this address is a proxy of ours. */
  trusts(address: string): boolean;
  /** From now on; what was taken stays taken. */
  setPolicy(policy: Limits): void;
}

export const openAdmission = (first: Limits, clock: Clock): Admission => {
  let policy = first;
  let trusts = trustIn(first.trustedProxies);
  // The buckets read the same objects all their life; a reload changes their numbers.
  const rates = {
    connections: { ...first.connectionsPerAddress },
    messages: { ...first.messagesPerUser },
    registrations: { ...first.registrationsPerAddress },
  };
  return {
    get policy() {
      return policy;
    },
    connections: createLimit(rates.connections, clock),
    messages: createLimit(rates.messages, clock),
    registrations: createLimit(rates.registrations, clock),
    trusts: (address) => trusts(address),
    setPolicy(next) {
      policy = next;
      trusts = trustIn(next.trustedProxies);
      Object.assign(rates.connections, next.connectionsPerAddress);
      Object.assign(rates.messages, next.messagesPerUser);
      Object.assign(rates.registrations, next.registrationsPerAddress);
    },
  };
};
