package trivy
