FROM registry.example/base:1.2 AS build
USER 1000
RUN make

FROM registry.example/base:1.2
USER 1000
COPY --from=build /app /app
# finding
USER root:root
CMD ["/app"]
