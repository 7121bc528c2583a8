{{- /* Labels of every object; takes (dict "root" $ "component" NAME). */ -}}
{{- define "ossmount.labels" -}}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: ossmount
{{ include "ossmount.selector" . }}
{{- end -}}

{{- /* Labels by which pods are selected. */ -}}
{{- define "ossmount.selector" -}}
app.kubernetes.io/name: ossmount
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- /* Full name of one of OssMount's own images; takes (dict "root" $ "name" NAME). */ -}}
{{- define "ossmount.image" -}}
{{- $image := .root.Values.image -}}
{{ $image.registry }}/ossmount-{{ .name }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{- /* What pods of the chart need to pull images. */ -}}
{{- define "ossmount.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{- /* Where the pods of a component run; takes (dict "values" VALUES). */ -}}
{{- define "ossmount.placement" -}}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
nodeSelector:
  {{- toYaml (merge (dict "kubernetes.io/os" "linux") .values.nodeSelector) | nindent 2 }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* Of pods that need no right on their node. */ -}}
{{- define "ossmount.restrictedPod" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- /* Of containers that need no right on their node. */ -}}
{{- define "ossmount.restrictedContainer" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}
