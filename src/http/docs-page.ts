/** The page: HTTP shown by Swagger UI, WebSocket messages by a few lines of our own. */
export const docsPage = (version: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>DG Do Dispatch: API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css?v=${version}">
<style>
  body { margin: 0; font-family: system-ui, sans-serif; color: #222 }
  nav, #sockets { max-width: 1420px; margin: auto; padding: 16px 20px }
  nav a { margin-right: 1em }
  details { border: 1px solid #ccc; border-radius: 4px; margin: 6px 0; padding: 6px 12px }
  summary { cursor: pointer }
  #sockets pre { background: #f4f4f4; padding: 10px; overflow: auto }
</style>
<nav><a href="#http">HTTP</a><a href="#sockets">WebSocket</a><a href="/openapi.json">openapi.json</a><a href="/asyncapi.json">asyncapi.json</a></nav>
<div id="http"></div>
<div id="sockets"><h1>WebSocket</h1><noscript>See <a href="/asyncapi.json">asyncapi.json</a>.</noscript></div>
<script src="/docs/swagger-ui-bundle.js?v=${version}"></script>
<script src="/docs/docs.js"></script>
</html>
`;

export const docsScript = `
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#http", deepLinking: true, validatorUrl: null });

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
