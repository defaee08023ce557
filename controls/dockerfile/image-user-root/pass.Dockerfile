FROM registry.example/base:1.2 AS build
USER root
RUN make

FROM registry.example/base:1.2
ARG uid=10001
USER root
RUN chown 10001 /srv
COPY --from=build /app /app
USER ${uid}:${uid}
CMD ["/app"]
