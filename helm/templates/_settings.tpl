{{/*
The broker's application.properties. No secret is in it: those come as environment variables and files.
README, Configuration, says what each key means.
*/}}
{{- define "xaa.settings" -}}
{{ include "xaa.settings.own" . }}
{{- range $key, $value := .Values.config }}
{{ $key }}={{ $value | toString | replace "\\" "\\\\" }}
{{- end }}
{{- end -}}

{{/* Those that have a value of their own in this chart. */}}
{{- define "xaa.settings.own" -}}
xaa.oauth.issuer={{ .Values.issuer }}
xaa.policy.file=/etc/xaa/policy
quarkus.http.port=8080
quarkus.shutdown.timeout={{ .Values.shutdown.drainSeconds }}s
{{- if eq .Values.mode "embedded" }}
xaa.embedded.folder=/var/lib/xaa/data
xaa.keys.embedded-file=/var/lib/xaa/keys/keys.json
{{- else }}
xaa.replicas={{ ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled }}
xaa.keys.file=/etc/xaa/keys/{{ .Values.keys.key }}
xaa.store.migrate={{ not .Values.migration.enabled }}
quarkus.datasource.jdbc.url={{ .Values.postgresql.url }}
quarkus.datasource.username={{ .Values.postgresql.username }}
quarkus.redis.hosts={{ join "," .Values.redis.hosts }}
{{- with .Values.redis.trustCertificate }}
quarkus.redis.tls-configuration-name=redis
quarkus.tls.redis.trust-store.pem.certs=/etc/xaa/trust/{{ . }}
{{- end }}
{{- end }}
{{- with .Values.trust.peers }}
xaa.outbound.trust-certificates=/etc/xaa/trust/{{ . }}
{{- end }}
{{- with .Values.proxy.trusted }}
quarkus.http.proxy.proxy-address-forwarding=true
quarkus.http.proxy.trusted-proxies={{ join "," . }}
{{- end }}
{{- with .Values.admin.issuer }}
xaa.admin.issuer={{ . }}
xaa.admin.audience={{ $.Values.admin.audience }}
{{- end }}
{{- range $role, $name := .Values.admin.roles }}
{{- if $name }}
xaa.admin.roles.{{ $role }}={{ $name }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What a schema cannot say. Each sentence begins with the value that is to be changed. */}}
{{- define "xaa.checks" -}}
{{- with .Values }}
{{- if not .issuer }}{{ fail "issuer: name the address under which clients reach the broker, https://…" }}{{ end }}
{{- if and .policy.files .policy.existingConfigMap }}{{ fail "policy.files and policy.existingConfigMap: give one of them" }}{{ end }}
{{- if not (or .policy.files .policy.existingConfigMap) }}{{ fail "policy.existingConfigMap: name the ConfigMap with the managed connections, or give policy.files; without a policy nobody gets a token" }}{{ end }}
{{- if eq .mode "fleet" }}
{{- if not .keys.secret }}{{ fail "keys.secret: name the Secret with the key ring (docs/kubernetes.md, Secrets)" }}{{ end }}
{{- if not .postgresql.url }}{{ fail "postgresql.url: name the database, or set mode to embedded for one replica without" }}{{ end }}
{{- if not .redis.hosts }}{{ fail "redis.hosts: name the Redis, or set mode to embedded for one replica without" }}{{ end }}
{{- else }}
{{- if or .postgresql.url .redis.hosts .keys.secret }}{{ fail "mode: embedded uses no postgresql, redis or keys; leave them out or set mode to fleet" }}{{ end }}
{{- if .autoscaling.enabled }}{{ fail "autoscaling.enabled: mode embedded serves one replica only" }}{{ end }}
{{- end }}
{{- if ne (empty .admin.issuer) (empty .admin.audience) }}{{ fail "admin.issuer and admin.audience: give both or neither" }}{{ end }}
{{- if and (or .trust.peers .redis.trustCertificate) (not .trust.configMap) }}{{ fail "trust.configMap: name the ConfigMap that holds the certificates" }}{{ end }}
{{- if and .ingress.enabled (not .ingress.host) }}{{ fail "ingress.host: name the host of the issuer" }}{{ end }}
{{- if and .gateway.enabled (not (and .gateway.host .gateway.parentRefs)) }}{{ fail "gateway.host and gateway.parentRefs: name the host of the issuer and the Gateways that serve it" }}{{ end }}
{{- if .networkPolicy.enabled }}
{{- if and (or .ingress.enabled .gateway.enabled) (not .networkPolicy.ingressFrom) }}{{ fail "networkPolicy.ingressFrom: name your ingress controller or gateway; with an empty list nobody reaches the broker" }}{{ end }}
{{- if and .metrics.serviceMonitor.enabled (not .networkPolicy.metricsFrom) }}{{ fail "networkPolicy.metricsFrom: name your Prometheus; with an empty list it reads no metrics" }}{{ end }}
{{- end }}
{{- if and .autoscaling.enabled (gt (int .autoscaling.minReplicas) (int .autoscaling.maxReplicas)) }}{{ fail "autoscaling.minReplicas: must not exceed maxReplicas" }}{{ end }}
{{- $written := regexReplaceAll "(?m)=.*$" (include "xaa.settings.own" $) "" | splitList "\n" }}
{{- range $key, $value := .config }}
{{- if regexMatch "(?i)(password|secret|credentials|keys\\.json)" $key }}{{ fail (printf "config.%s: secrets are given by reference only (postgresql.passwordSecret, redis.passwordSecret, keys.secret, secrets)" $key) }}{{ end }}
{{- if has $key $written }}{{ fail (printf "config.%s: it has a value of its own in this chart, set that one" $key) }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}
