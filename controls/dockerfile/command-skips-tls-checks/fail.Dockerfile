FROM registry.example/base:1.2
RUN apt-get update \
  # finding
  && curl -fsSLk https://example.com/x -o x
# finding
RUN wget --no-check-certificate https://example.com/x
# finding
RUN pip3 install --trusted-host example.com app
# finding
RUN npm config set strict-ssl false
# finding
RUN git -c http.sslVerify=false clone https://example.com/x
# finding
RUN git config --global http.sslVerify false
# finding
RUN NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci
# finding
RUN apt-get -o Acquire::https::Verify-Peer=false update
# finding
RUN yum install -y --setopt=sslverify=false app
