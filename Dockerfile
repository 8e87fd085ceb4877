# The server for Debian 13, without a database: DATABASE_URL names one. `compose.yaml` runs them together.
ARG BASE=node:24-trixie-slim

FROM ${BASE} AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc deploy/production-modules ./
COPY web/package.json web/
RUN sh production-modules

FROM ${BASE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY machines machines
COPY src src
COPY web web
RUN npm run build && npm run build:web

FROM ${BASE}
LABEL org.opencontainers.image.title="DG Do Dispatch" \
      org.opencontainers.image.description="A real-time ride-hailing dispatch server" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
# The base's user `node`. By number, so that orchestrators can see that it is not root.
RUN install --directory --owner=1000 --group=1000 --mode=0700 /data
# Whatever the umask of the checkout.
COPY --chmod=644 package.json schema.sql LICENSE ./
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/web/dist web/dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DG_DATA_DIR=/data
USER 1000:1000
VOLUME /data
EXPOSE 8000
# Drains within 25 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
