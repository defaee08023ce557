package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// serveTokens gives tokens to the one user, and for repositories named public/… to everybody. An identity, which is got by
// logging in once, is as good as the password.
func serveTokens(address, folder string) error {
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, "server.pem"), filepath.Join(folder, "server.key"))
	if err != nil {
		return err
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		name, secret, hasLogin := r.BasicAuth()
		isUser := name == user && secret == password
		if r.Method == http.MethodPost {
			hasLogin = true
			isUser = r.FormValue("grant_type") == "refresh_token" && r.FormValue("refresh_token") == "identity of ann"
		}
		if hasLogin && !isUser {
			http.Error(w, `{"errors": [{"code": "UNAUTHORIZED", "message": "wrong user or password"}]}`, http.StatusUnauthorized)
			return
		}
		access := []map[string]any{}
		parts := strings.Split(r.FormValue("scope"), ":")
		if len(parts) == 3 && (isUser || strings.HasPrefix(parts[1], "public/")) {
			access = append(access, map[string]any{"type": parts[0], "name": parts[1], "actions": []string{"pull"}})
		}
		token, err := sign(pair, map[string]any{
			"iss": "tests", "sub": name, "aud": r.FormValue("service"), "access": access, "jti": rand.Text(),
			"nbf": time.Now().Add(-time.Minute).Unix(), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
		})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"token": token, "expires_in": 60})
	}
	return http.ListenAndServeTLS(address, filepath.Join(folder, "server.pem"), filepath.Join(folder, "server.key"), http.HandlerFunc(handler))
}

// sign makes a JSON web token whose key is vouched for by the authority.
func sign(pair tls.Certificate, claims any) (string, error) {
	header, err := json.Marshal(map[string]any{
		"alg": "ES256", "typ": "JWT", "x5c": []string{base64.StdEncoding.EncodeToString(pair.Certificate[0])},
	})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, pair.PrivateKey.(*ecdsa.PrivateKey), sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
