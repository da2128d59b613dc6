# The whole workspace stays together: the core runs from its sources, and packages find each other by links.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
RUN npm install --global --ignore-scripts pnpm@12.21.0
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml .npmrc ./
COPY core/package.json core/
COPY sdk/package.json sdk/
COPY web/package.json web/
COPY tests/package.json tests/
COPY plugins/moderation-wordlist/package.json plugins/moderation-wordlist/
COPY plugins/provider-demo/package.json plugins/provider-demo/
COPY plugins/provider-openai/package.json plugins/provider-openai/
COPY plugins/transform-context/package.json plugins/transform-context/

# What the running core needs, and nothing of what only builds and tests need.
FROM base AS packages
RUN pnpm install --frozen-lockfile --prod --filter "@parley/core..."

# The web app and the plugins' bundles.
FROM base AS build
RUN pnpm install --frozen-lockfile --filter "!@parley/tests"
COPY scripts scripts
COPY sdk sdk
COPY core/package.json core/
COPY plugins plugins
COPY web web
RUN node scripts/tasks.ts build

FROM node:24.21.0-bookworm-slim
# Ends what others left behind, and passes signals on.
RUN apt-get update && apt-get install --yes --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=packages /app ./
COPY LICENSE ./
COPY sdk/src sdk/src
COPY core/src core/src
COPY --from=build /app/plugins plugins
COPY --from=build /app/web/dist web/dist
COPY deploy/parley.sh /usr/local/bin/parley
RUN mkdir /data && chown node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PARLEY_DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=100", "core/src/main.ts"]
