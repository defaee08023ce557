FROM registry.example/base:1.2
# finding
COPY .npmrc ./
COPY package.json \
  # finding
  deploy/id_rsa /root/.ssh/
