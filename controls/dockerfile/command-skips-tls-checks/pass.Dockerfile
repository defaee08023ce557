FROM registry.example/base:1.2
RUN curl -fsSL --output k https://example.com/k && wget https://example.com/x
RUN pip3 install app && npm config set strict-ssl true && git config --global http.sslVerify true
RUN npm config set fund false && git clone https://example.com/x
