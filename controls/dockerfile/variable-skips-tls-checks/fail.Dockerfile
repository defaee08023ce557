FROM registry.example/base:1.2
# finding
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
# finding
ARG PYTHONHTTPSVERIFY=0
ENV A=1 \
  # finding
  GIT_SSL_NO_VERIFY=true
# finding
ENV NPM_CONFIG_STRICT_SSL false
# finding
ENV PIP_TRUSTED_HOST=example.com
