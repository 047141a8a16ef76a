import { RuleFacts, RuleGroup } from './rule';

/** Targets, pods, replicas and volumes, whatever runs there. */
export function kubernetesRules({ jobs }: RuleFacts): RuleGroup {
  return {
    name: 'kubernetes',
    alerts: [
      {
        alert: 'TargetDown',
        severity: 'warning',
        expr: 'up == 0',
        for: '5m',
        summary: '{{ $labels.job }} cannot be scraped at {{ $labels.instance }}',
        description: 'What this pod would tell is not known, and its own alerts cannot fire.',
      },
      {
        alert: 'TargetMissing',
        severity: 'warning',
        expr: jobs.map((job) => `absent(up{job="${job}"})`).join(' or '),
        for: '15m',
        summary: '{{ $labels.job }} has no pod that could be scraped',
        description: 'Either none of its pods runs, or Prometheus does not find them.',
      },
      {
        alert: 'PodRestarting',
        severity: 'warning',
        expr: 'increase(kube_pod_container_status_restarts_total[30m]) > 3',
        for: '5m',
        summary: '{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} restarts again and again',
        description: 'It has ended more than three times in half an hour, by itself, by its probe or for its memory.',
      },
      {
        alert: 'PodOutOfMemory',
        severity: 'warning',
        expr:
          'kube_pod_container_status_last_terminated_reason{reason="OOMKilled"} == 1 ' +
          'and on (namespace, pod, container) increase(kube_pod_container_status_restarts_total[30m]) > 0',
        for: '0m',
        summary: '{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} was ended for its memory',
        description: 'It used more than its memory limit, and may do so again.',
      },
      {
        alert: 'PodPending',
        severity: 'warning',
        expr: 'sum by (namespace, pod) (kube_pod_status_phase{phase=~"Pending|Unknown"}) > 0',
        for: '15m',
        summary: '{{ $labels.namespace }}/{{ $labels.pod }} does not start',
        description: 'No node has room for it, an image or a volume cannot be had, or its node does not answer.',
      },
      {
        alert: 'DeploymentReplicasMissing',
        severity: 'warning',
        expr: 'kube_deployment_status_replicas_available < kube_deployment_spec_replicas',
        for: '15m',
        summary: '{{ $labels.namespace }}/{{ $labels.deployment }} has fewer available pods than it should',
        description: 'A pod does not become ready; the others carry its load.',
      },
      {
        alert: 'StatefulSetReplicasMissing',
        severity: 'warning',
        expr: 'kube_statefulset_status_replicas_ready < kube_statefulset_replicas',
        for: '15m',
        summary: '{{ $labels.namespace }}/{{ $labels.statefulset }} has fewer ready pods than it should',
        description: 'A member does not become ready; the set may not bear the loss of another.',
      },
      {
        alert: 'DaemonSetPodsMissing',
        severity: 'warning',
        expr: 'kube_daemonset_status_number_ready < kube_daemonset_status_desired_number_scheduled',
        for: '15m',
        summary: '{{ $labels.namespace }}/{{ $labels.daemonset }} does not run on every node',
        description: 'What it does for a node is not done on some.',
      },
      {
        alert: 'JobFailed',
        severity: 'warning',
        expr: 'kube_job_status_failed > 0 unless on (namespace, job_name) kube_job_status_succeeded > 0',
        for: '15m',
        summary: '{{ $labels.namespace }}/{{ $labels.job_name }} fails',
        description: 'Its pods have ended with an error, and none has succeeded yet.',
      },
      {
        alert: 'AutoscalerAtMaximum',
        severity: 'warning',
        expr:
          'kube_horizontalpodautoscaler_status_current_replicas >= kube_horizontalpodautoscaler_spec_max_replicas ' +
          'and kube_horizontalpodautoscaler_spec_max_replicas > kube_horizontalpodautoscaler_spec_min_replicas',
        for: '30m',
        summary: '{{ $labels.namespace }}/{{ $labels.horizontalpodautoscaler }} cannot grow any further',
        description: 'All pods that it may have run; more load makes them slower.',
      },
      {
        alert: 'VolumeFilling',
        severity: 'warning',
        expr:
          'kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.4 ' +
          'and predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 24 * 3600) < 0',
        for: '1h',
        summary: '{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is full within four days',
        description:
          'It fills as it has for the last six hours. Servers stop, or lose data, where their volume is full.',
      },
      {
        alert: 'VolumeAlmostFull',
        severity: 'critical',
        expr: 'kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.1',
        for: '5m',
        summary: '{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has less than a tenth of its room left',
        description: 'Servers stop, or lose data, where their volume is full.',
      },
      {
        alert: 'VolumeOutOfInodes',
        severity: 'warning',
        expr: 'kubelet_volume_stats_inodes_free / kubelet_volume_stats_inodes < 0.05 and kubelet_volume_stats_inodes > 0',
        for: '15m',
        summary: '{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has room for few more files',
        description: 'No more files can be made there soon, whatever room is left.',
      },
    ],
  };
}
