apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.fullname" . }}
  namespace: {{ .Release.Namespace | quote }}
  labels: {{- include "app.labels" (dict "labels" .Values.commonLabels "context" $) | nindent 4 }}
  {{- if or .Values.annotations .Values.commonAnnotations }}
  {{- $annotations := merge (dict) .Values.annotations .Values.commonAnnotations }}
  annotations: {{- include "app.render" (dict "value" $annotations "context" $) | nindent 4 }}
  {{- end }}
spec:
  replicas: {{ int .Values.replicas }}
  selector:
    matchLabels: {{- include "app.labels" (dict "context" $) | nindent 6 }}
  template:
    metadata:
      labels: {{- include "app.labels" (dict "labels" .Values.commonLabels "context" $) | nindent 8 }}
      annotations:
        checksum/config: {{ toJson .Values.config | sha256sum }}
    spec:
      serviceAccountName: {{ .Values.serviceAccount.name | default (include "app.fullname" .) }}
      automountServiceAccountToken: {{ .Values.serviceAccount.automount }}
      {{- with .Values.podSecurityContext }}
      securityContext: {{- omit . "enabled" | toYaml | nindent 8 }}
      {{- end }}
      containers:
        {{- range $container := .Values.containers }}
        - name: {{ $container.name }}
          image: {{ include "app.image" (dict "image" $container.image "global" $.Values.global) }}
          imagePullPolicy: {{ $container.image.pullPolicy | default "IfNotPresent" | quote }}
          {{- if and $container.securityContext.enabled (not (empty $container.securityContext)) }}
          securityContext: {{- omit $container.securityContext "enabled" | toYaml | nindent 12 }}
          {{- end }}
          args: {{- include "app.render" (dict "value" $container.args "context" $) | nindent 12 }}
          ports: {{- toYaml $container.ports | nindent 12 }}
          env: {{- tpl (toYaml $container.env) $ | nindent 12 }}
          {{- if semverCompare ">=1.20-0" $.Capabilities.KubeVersion.Version }}
          livenessProbe: {{- omit $container.probe "enabled" | toYaml | nindent 12 }}
          readinessProbe: {{- omit $container.probe "enabled" | toYaml | nindent 12 }}
          {{- end }}
          resources: {{- toYaml $container.resources | nindent 12 }}
          volumeMounts:
            - name: data
              mountPath: {{ dig "persistence" "path" "/data" $container | quote }}
        {{- end }}
      {{- if .Values.tolerations }}
      tolerations: {{- toYaml .Values.tolerations | nindent 8 }}
      {{- end }}
      affinity: {{- toYaml .Values.affinity | nindent 8 }}
      volumes:
        - name: data
          secret:
            secretName: {{ printf "%s-%s" (include "app.fullname" .) (.Values.secret | b64enc | trunc 8 | lower) }}
