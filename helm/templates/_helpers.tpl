{{- define "xaa.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "xaa.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "xaa.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "xaa.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What tells the broker's pods from all others, the migration's among them. Never to be changed: selectors cannot be. */}}
{{- define "xaa.selector" -}}
app.kubernetes.io/name: {{ include "xaa.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: broker
{{- end -}}

{{- define "xaa.labels.common" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "xaa.labels" -}}
{{ include "xaa.selector" . }}
{{ include "xaa.labels.common" . }}
{{- end -}}

{{- define "xaa.migration.selector" -}}
app.kubernetes.io/name: {{ include "xaa.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: migration
{{- end -}}

{{- define "xaa.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "xaa.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "xaa.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "xaa.policyConfigMap" -}}
{{- .Values.policy.existingConfigMap | default (printf "%s-policy" (include "xaa.fullname" .)) -}}
{{- end -}}

{{- define "xaa.pod.security" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
# Makes the mounted Secrets readable to the broker, and to it alone. A volume is given to it once: done again, it would open the
# key file of an embedded broker to its group, and the broker would refuse it.
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "xaa.container.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "xaa.resources" -}}
{{- $usual := dict "requests" (dict "cpu" "250m" "memory" "192Mi") "limits" (dict "memory" "320Mi") -}}
{{- if eq .Values.flavour "jvm" -}}
{{- $usual = dict "requests" (dict "cpu" "500m" "memory" "384Mi") "limits" (dict "memory" "768Mi") -}}
{{- end -}}
{{- toYaml (mergeOverwrite $usual (deepCopy .Values.resources)) -}}
{{- end -}}

{{/* Options of the memory manager. The native binary takes them as arguments, where any other argument would make it a command. */}}
{{- define "xaa.heap.arguments" -}}
{{- if eq .Values.flavour "native" -}}
{{ printf "-Xmx%s" (default "128m" .Values.heap) | quote }}
{{- end -}}
{{- end -}}

{{- define "xaa.heap.environment" -}}
{{- if and (eq .Values.flavour "jvm") .Values.heap }}
- name: JAVA_TOOL_OPTIONS
  value: {{ printf "-Xmx%s" .Values.heap | quote }}
{{- end }}
{{- end -}}

{{/* One environment variable out of a Secret. */}}
{{- define "xaa.fromSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{/* The broker's environment: secrets, and nothing else. */}}
{{- define "xaa.environment" -}}
{{- if eq .Values.mode "fleet" }}
{{- with .Values.postgresql }}
{{- if .passwordSecret }}
{{ include "xaa.fromSecret" (dict "name" "QUARKUS_DATASOURCE_PASSWORD" "secret" .passwordSecret "key" .passwordKey) }}
{{- end }}
{{- end }}
{{- with .Values.redis }}
{{- if .passwordSecret }}
{{ include "xaa.fromSecret" (dict "name" "QUARKUS_REDIS_PASSWORD" "secret" .passwordSecret "key" .passwordKey) }}
{{- end }}
{{- end }}
{{- end }}
{{- range .Values.secrets.env }}
{{ include "xaa.fromSecret" . }}
{{- end }}
{{- include "xaa.heap.environment" . }}
{{- end -}}

{{/* What the outside may reach, one path a line. */}}
{{- define "xaa.paths" -}}
{{- join "\n" (ternary (append .Values.paths.public "/admin") .Values.paths.public .Values.paths.admin) -}}
{{- end -}}

{{- define "xaa.egress" -}}
- {{ if .to }}to: {{- toYaml .to | nindent 4 }}
  {{ end }}ports:
    {{- range .ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
{{- end -}}

{{- define "xaa.egress.dns" -}}
- {{ with .Values.networkPolicy.egress.dns.to }}to: {{- toYaml . | nindent 4 }}
  {{ end }}ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end -}}
