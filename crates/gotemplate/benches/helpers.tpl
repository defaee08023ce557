{{- define "app.name" -}}
{{- if .Values.fullname -}}
{{- .Values.fullname -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name -}}
{{- end -}}
{{- end -}}
{{- define "app.selector" }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
{{- define "app.labels" }}
{{- include "app.selector" . }}
app.kubernetes.io/version: {{ .Chart.Version | printf "%q" }}
app.kubernetes.io/managed-by: Helm
{{- end -}}
