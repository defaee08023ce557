FROM registry.example/base:1.2
# finding
ENV DB_PASSWORD=hunter22hunter \
  LANG=C \
  # finding
  REPOSITORY=https://me:hunter22@git.example/x
# finding
ARG NPM_TOKEN=abcdef0123456789
