FROM registry.example/base:1.2 AS build
COPY package.json ca.pem id_rsa.pub .env.example ./
FROM registry.example/base:1.2
COPY --from=build /etc/tls/tls.key /etc/tls/
