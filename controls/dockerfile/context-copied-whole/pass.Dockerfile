FROM registry.example/base:1.2 AS build
COPY . /src
FROM registry.example/base:1.2
COPY --from=build . /app
COPY app conf /app/
