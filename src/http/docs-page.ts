/** The page: HTTP shown by Swagger UI, WebSocket messages by a few lines of our own. */
export const docsPage = (version: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>DG Do Dispatch: API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css?v=${version}">
<style>
  :root { color-scheme: light; --ground: #fff; --text: #222; --quiet: #5a6675; --line: #ccc; --soft: #f4f4f4; --link: #0958d9 }
  html.dark-mode { color-scheme: dark; --ground: #1c2022; --text: #e4e6e6; --quiet: #a9b4c0; --line: #454c52; --soft: #14181d; --link: #82b4ff }
  body { margin: 0; font-family: system-ui, sans-serif; background: var(--ground); color: var(--text) }
  a { color: var(--link) }
  nav, #sockets { max-width: 1420px; margin: auto; padding: 16px 20px; overflow-wrap: anywhere }
  nav { display: flex; flex-wrap: wrap; gap: 6px 1em }
  details { border: 1px solid var(--line); border-radius: 4px; margin: 6px 0; padding: 6px 12px }
  summary { cursor: pointer }
  /* Swagger UI's own colours cannot be read everywhere, and its tables do not fit a phone. */
  .swagger-ui .info .title small.version-stamp, .swagger-ui .info .title small.version-stamp pre { background-color: #4b6a00 }
  .swagger-ui .info .title small:not(.version-stamp), .swagger-ui .info .title small:not(.version-stamp) pre { background-color: #56606e }
  .swagger-ui .headers .header-col { color: var(--text) }
  html:not(.dark-mode) .swagger-ui :is(.info a, .link, .url) { color: var(--link) }
  html:not(.dark-mode) .swagger-ui .opblock-get .opblock-summary-method { background: #0b5cad }
  html:not(.dark-mode) .swagger-ui .opblock-post .opblock-summary-method { background: #12734a }
  html:not(.dark-mode) .swagger-ui .btn.authorize { color: #12734a; border-color: #12734a }
  html:not(.dark-mode) .swagger-ui [class*="json-schema-2020-12-expand-deep-button"] { color: #555 }
  .swagger-ui .responses-inner, .swagger-ui .parameters-container { overflow-x: auto }
  #sockets pre { background: var(--soft); padding: 10px; overflow: auto }
</style>
<nav aria-label="Reference"><a href="/">DG Do Dispatch</a><a href="#http">HTTP</a><a href="#sockets">WebSocket</a><a href="/openapi.json">openapi.json</a><a href="/asyncapi.json">asyncapi.json</a></nav>
<div id="http"></div>
<div id="sockets"><h1>WebSocket</h1><noscript>See <a href="/asyncapi.json">asyncapi.json</a>.</noscript></div>
<script src="/docs/swagger-ui-bundle.js?v=${version}"></script>
<script src="/docs/docs.js"></script>
</html>
`;

export const docsScript = `
// As the pages: as the reader chose there, otherwise as their system says.
const system = matchMedia("(prefers-color-scheme: dark)");
const paint = () => {
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem("dg.theme"));
  } catch {} // storage may be refused
  const dark = chosen === null ? system.matches : chosen === "dark";
  document.documentElement.classList.toggle("dark-mode", dark);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
};
system.addEventListener("change", paint);
paint();

// Deep links would be links inside of buttons.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#http", deepLinking: false, validatorUrl: null,
  onComplete: () => document.getElementById("servers").setAttribute("aria-label", "Server") });

const make = (name, text, ...children) => {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};
const message = ({ name, contentType, payload, examples }) => make("details", "",
  make("summary", contentType ? name + ", " + contentType : name),
  ...(examples ?? []).map((one) => make("pre", JSON.stringify(one.payload, null, 2))),
  make("details", "", make("summary", "schema"), make("pre", JSON.stringify(payload, null, 2))));
const direction = (title, channel, prefix) => [make("h3", title),
  ...Object.entries(channel.messages).filter(([key]) => key.startsWith(prefix)).map(([, one]) => message(one))];

fetch("/asyncapi.json").then((reply) => reply.json()).then((api) => {
  const sockets = document.getElementById("sockets");
  sockets.append(make("p", api.info.description));
  for (const channel of Object.values(api.channels))
    sockets.append(make("h2", channel.address + "[?format=json]"), make("p", channel.description),
      ...direction("you say", channel, "to_server"), ...direction("you hear", channel, "from_server"));
});
`;
