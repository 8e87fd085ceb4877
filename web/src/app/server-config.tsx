import { type ReactNode, createContext, use, useEffect, useState } from "react";
import type { WebConfig } from "../../../src/protocol/web-config.ts";
import { Spin } from "antd";

const ConfigContext = createContext<WebConfig | null>(null);

/** What the server says of itself: its markets, and what to draw maps with. */
export const useServerConfig = (): WebConfig => use(ConfigContext)!;

const RETRY_MS = 2_000;

export const ServerConfigProvider = ({ children }: { readonly children: ReactNode }) => {
  const [config, setConfig] = useState<WebConfig | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const load = () =>
      fetch("/config.json")
        .then((reply) => {
          if (!reply.ok) throw new Error(reply.statusText); // a proxy may say so in JSON
          return reply.json() as Promise<WebConfig>;
        })
        .then(setConfig, () => (timer = setTimeout(() => void load(), RETRY_MS)));
    void load();
    return () => clearTimeout(timer);
  }, []);
  if (config === null) return <Spin fullscreen />;
  return <ConfigContext value={config}>{children}</ConfigContext>;
};
