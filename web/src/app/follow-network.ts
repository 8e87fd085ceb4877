interface Suspended {
  suspend(): void;
  resume(): void;
}

/**
 * B41: a phone says at once that its network is gone or back, a socket only after a silence. Lets go and connects
 * again as the phone says. Returns what ends it.
 */
export const followNetwork = (client: Suspended, told: (link: "lost") => void): (() => void) => {
  const gone = () => {
    client.suspend();
    told("lost");
  };
  const back = () => {
    client.suspend();
    client.resume();
  };
  addEventListener("offline", gone);
  addEventListener("online", back);
  return () => {
    removeEventListener("offline", gone);
    removeEventListener("online", back);
  };
};
