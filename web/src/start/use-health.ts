import { useEffect, useState } from "react";

export type Health =
  | { readonly is: "asking" }
  | { readonly is: "ready"; readonly transport: string }
  | { readonly is: "not-ready"; readonly why: string };

const EVERY_MS = 5_000;

/** Whether the server can serve, by `GET /ready`, looked at again and again. */
export const useHealth = (): Health => {
  const [health, setHealth] = useState<Health>({ is: "asking" });
  useEffect(() => {
    const look = () =>
      fetch("/ready")
        .then((reply) => reply.json() as Promise<Told>)
        .then(({ status, transport, error }) =>
          setHealth(
            status === "ready"
              ? { is: "ready", transport: transport ?? "" }
              : { is: "not-ready", why: error?.message ?? "" },
          ),
        )
        .catch(() => setHealth({ is: "not-ready", why: "" }));
    void look();
    const timer = setInterval(() => void look(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return health;
};

interface Told {
  readonly status?: string;
  readonly transport?: string;
  readonly error?: { readonly message: string };
}
