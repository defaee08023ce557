{{- $name := include "app.name" . -}}
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  namespace: {{ .Release.Namespace | printf "%q" }}
  labels:
    {{- include "app.labels" . | indent }}
    tier: {{ .Values.tier | or "backend" }}
  {{- with .Values.annotations }}
  annotations:
    {{- range $key, $value := . }}
    {{ $key }}: {{ $value | printf "%q" }}
    {{- end }}
  {{- end }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  revisionHistoryLimit: {{ .Values.history }}
  selector:
    matchLabels:
      {{- include "app.selector" . | indent }}
  template:
    metadata:
      labels:
        {{- include "app.labels" . | indent }}
    spec:
      {{- if .Values.serviceAccount.create }}
      serviceAccountName: {{ .Values.serviceAccount.name | or $name }}
      {{- else }}
      serviceAccountName: default
      {{- end }}
      automountServiceAccountToken: {{ .Values.serviceAccount.automount }}
      {{- if .Values.podSecurityContext }}
      securityContext:
        runAsNonRoot: {{ .Values.podSecurityContext.runAsNonRoot }}
        runAsUser: {{ .Values.podSecurityContext.runAsUser }}
        fsGroup: {{ .Values.podSecurityContext.fsGroup }}
        seccompProfile:
          type: {{ .Values.podSecurityContext.seccomp }}
      {{- end }}
      containers:
        {{- range $index, $container := .Values.containers }}
        - name: {{ $container.name }}
          image: {{ printf "%s/%s:%s" $.Values.image.registry $container.image ($container.tag | or $.Values.image.tag) }}
          imagePullPolicy: {{ $.Values.image.pullPolicy }}
          {{- if $container.args }}
          args:
            {{- range $container.args }}
            - {{ . | printf "%q" }}
            {{- end }}
          {{- end }}
          ports:
            {{- range $container.ports }}
            - name: {{ .name }}
              containerPort: {{ .port }}
              protocol: {{ .protocol | or "TCP" }}
            {{- end }}
          env:
            {{- range $key, $value := $.Values.env }}
            - name: {{ $key }}
              value: {{ $value | printf "%q" }}
            {{- end }}
          {{- if and $container.probes $.Values.probes }}
          livenessProbe:
            httpGet:
              path: {{ $container.probes.path }}
              port: {{ $container.probes.port }}
            initialDelaySeconds: {{ $container.probes.delay }}
          readinessProbe:
            httpGet:
              path: {{ $container.probes.path }}
              port: {{ $container.probes.port }}
          {{- end }}
          resources:
            limits:
              cpu: {{ $container.resources.cpu | printf "%q" }}
              memory: {{ $container.resources.memory | printf "%q" }}
            requests:
              cpu: {{ $container.resources.cpu | printf "%q" }}
              memory: {{ $container.resources.memory | printf "%q" }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: {{ not $container.writable }}
            capabilities:
              drop: ["ALL"]
        {{- end }}
      {{- if eq .Values.storage.kind "pvc" }}
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: {{ $name }}-data
      {{- else if eq .Values.storage.kind "empty" }}
      volumes:
        - name: data
          emptyDir: {}
      {{- end }}
{{- end }}
