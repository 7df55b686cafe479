{{- define "aman" -}}
{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
{{- end }}

{{- define "citra" -}}
{{ .Values.defaultAirflowRepository }}:{{ .Values.defaultAirflowTag }}
{{- end }}

{{- /* Variables of every Airflow container; `jwt` says whether the key that signs tokens is among them. */}}
{{- define "lingkungan" }}
{{- range .akar.Values.env }}
- {name: {{ .name }}, value: {{ .value | quote }}}
{{- end }}
- {name: AIRFLOW__CORE__FERNET_KEY, valueFrom: {secretKeyRef: {name: {{ .akar.Values.fernetKeySecretName }}, key: fernet-key}}}
- {name: AIRFLOW__API__SECRET_KEY, valueFrom: {secretKeyRef: {name: {{ .akar.Values.apiSecretKeySecretName }}, key: api-secret-key}}}
- {name: AIRFLOW__DATABASE__SQL_ALCHEMY_CONN, valueFrom: {secretKeyRef: {name: {{ .akar.Values.data.metadataSecretName }}, key: connection}}}
- {name: AIRFLOW__CELERY__BROKER_URL, valueFrom: {secretKeyRef: {name: {{ .akar.Values.data.brokerUrlSecretName }}, key: connection}}}
{{- if .akar.Values.enableBuiltInSecretEnvVars.AIRFLOW_CONN_AIRFLOW_DB }}
- {name: AIRFLOW_CONN_AIRFLOW_DB, valueFrom: {secretKeyRef: {name: {{ .akar.Values.data.metadataSecretName }}, key: connection}}}
{{- end }}
{{- if .jwt }}
- {name: AIRFLOW__API_AUTH__JWT_SECRET, valueFrom: {secretKeyRef: {name: {{ .akar.Values.jwtSecretName }}, key: jwt-secret}}}
{{- end }}
{{- end }}

{{- define "bagian" }}
{{- $v := .nilai }}
apiVersion: apps/v1
kind: {{ if (default dict $v.persistence).enabled }}StatefulSet{{ else }}Deployment{{ end }}
metadata: {name: {{ .akar.Release.Name }}-{{ .nama }}}
spec:
  replicas: {{ $v.replicas }}
  template:
    metadata: {labels: {tier: airflow, component: {{ .nama }}, release: {{ .akar.Release.Name }}}}
    spec:
      serviceAccountName: {{ .akar.Release.Name }}-airflow-{{ .nama }}
      {{- if not (eq .akar.Values.enableServiceLinks nil) }}
      enableServiceLinks: {{ .akar.Values.enableServiceLinks }}
      {{- end }}
      {{- with $v.terminationGracePeriodSeconds }}
      terminationGracePeriodSeconds: {{ . }}
      {{- end }}
      securityContext: {{- toYaml .akar.Values.securityContexts.pod | nindent 8 }}
      initContainers:
        - name: wait-for-airflow-migrations
          image: {{ include "citra" .akar }}
          securityContext: {{ include "aman" . }}
          resources: {{- toYaml $v.resources | nindent 12 }}
          volumeMounts: {{- toYaml $v.extraVolumeMounts | nindent 12 }}
          env: {{- include "lingkungan" (dict "akar" .akar) | indent 12 }}
      containers:
        - name: {{ .nama }}
          image: {{ include "citra" .akar }}
          args: {{- toYaml $v.args | nindent 12 }}
          securityContext: {{ include "aman" . }}
          resources: {{- toYaml $v.resources | nindent 12 }}
          {{- with $v.startupProbe }}
          startupProbe: {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - {name: logs, mountPath: /opt/airflow/logs}
            {{- with $v.extraVolumeMounts }}{{ toYaml . | nindent 12 }}{{ end }}
          envFrom: {{- default "[]" .akar.Values.extraEnvFrom | nindent 12 }}
          env:
            {{- include "lingkungan" (dict "akar" .akar "jwt" (has .nama (list "scheduler" "api-server"))) | indent 12 }}
            {{- with $v.env }}{{ toYaml . | nindent 12 }}{{ end }}
        {{- if $v.logGroomerSidecar.enabled }}
        - name: {{ .nama }}-log-groomer
          image: {{ include "citra" .akar }}
          securityContext: {{ include "aman" . }}
          resources: {{- toYaml $v.logGroomerSidecar.resources | nindent 12 }}
          env: [{name: AIRFLOW__LOG_RETENTION_DAYS, value: "{{ $v.logGroomerSidecar.retentionDays }}"}]
          volumeMounts:
            - {name: logs, mountPath: /opt/airflow/logs}
            {{- with $v.extraVolumeMounts }}{{ toYaml . | nindent 12 }}{{ end }}
        {{- end }}
      volumes:
        - name: logs
          {{- if .akar.Values.logs.persistence.enabled }}
          persistentVolumeClaim: {claimName: {{ .akar.Release.Name }}-logs}
          {{- else }}
          emptyDir: {}
          {{- end }}
        {{- with $v.extraVolumes }}{{ toYaml . | nindent 8 }}{{ end }}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ .akar.Release.Name }}-airflow-{{ .nama }}}
automountServiceAccountToken: {{ $v.serviceAccount.automountServiceAccountToken }}
{{- if $v.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: {{ .akar.Release.Name }}-{{ .nama }}-pdb}
spec:
  selector: {matchLabels: {tier: airflow, component: {{ .nama }}, release: {{ .akar.Release.Name }}}}
  {{- toYaml $v.podDisruptionBudget.config | nindent 2 }}
{{- end }}
{{- end }}

{{- /* A part that comes along where it is not switched off. */}}
{{- define "lain" }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .akar.Release.Name }}-{{ .nama }}}
spec:
  template:
    metadata: {labels: {component: {{ .nama }}}}
    spec: {containers: [{name: {{ .nama }}, image: "example/{{ .nama }}:1"}]}
{{- end }}
