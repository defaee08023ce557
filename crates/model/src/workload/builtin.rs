//! The kinds that carry pods, as data: the only place that names them.

use super::{Row, Shape};

const fn template(group: &'static str, kind: &'static str, path: &'static str) -> Row {
    Row {
        group,
        kind,
        path,
        shape: Shape::PodTemplate,
        defaults: None,
    }
}

const fn steps(kind: &'static str, path: &'static str, defaults: Option<&'static str>) -> Row {
    Row {
        group: "tekton.dev",
        kind,
        path,
        shape: Shape::Steps,
        defaults,
    }
}

const fn workflow(kind: &'static str, path: &'static str, defaults: &'static str) -> Row {
    let defaults = Some(defaults);
    Row {
        group: "argoproj.io",
        kind,
        path,
        shape: Shape::WorkflowTemplate,
        defaults,
    }
}

const fn pod_spec(group: &'static str, kind: &'static str, path: &'static str) -> Row {
    Row {
        group,
        kind,
        path,
        shape: Shape::PodSpec,
        defaults: None,
    }
}

/// One row per kind and place. A kind with several places has several rows.
pub(super) const ROWS: &[Row] = &[
    // Kubernetes
    template("", "Pod", ""),
    template("", "PodTemplate", "template"),
    template("", "ReplicationController", "spec.template"),
    template("apps", "Deployment", "spec.template"),
    template("apps", "ReplicaSet", "spec.template"),
    template("apps", "StatefulSet", "spec.template"),
    template("apps", "DaemonSet", "spec.template"),
    template("extensions", "Deployment", "spec.template"),
    template("extensions", "ReplicaSet", "spec.template"),
    template("extensions", "DaemonSet", "spec.template"),
    template("batch", "Job", "spec.template"),
    template("batch", "CronJob", "spec.jobTemplate.spec.template"),
    // Sandboxes for agents (kubernetes-sigs)
    template("agents.x-k8s.io", "Sandbox", "spec.podTemplate"),
    template(
        "extensions.agents.x-k8s.io",
        "SandboxTemplate",
        "spec.podTemplate",
    ),
    // Other projects of Kubernetes' special interest groups
    template(
        "jobset.x-k8s.io",
        "JobSet",
        "spec.replicatedJobs[*].template.spec.template",
    ),
    template(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.leaderTemplate",
    ),
    template(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "spec.leaderWorkerTemplate.workerTemplate",
    ),
    template("kueue.x-k8s.io", "Workload", "spec.podSets[*].template"),
    // Argo
    template("argoproj.io", "Rollout", "spec.template"),
    template(
        "argoproj.io",
        "AnalysisTemplate",
        "spec.metrics[*].provider.job.spec.template",
    ),
    template(
        "argoproj.io",
        "ClusterAnalysisTemplate",
        "spec.metrics[*].provider.job.spec.template",
    ),
    workflow("Workflow", "spec.templates[*]", "spec"),
    workflow("WorkflowTemplate", "spec.templates[*]", "spec"),
    workflow("ClusterWorkflowTemplate", "spec.templates[*]", "spec"),
    workflow(
        "CronWorkflow",
        "spec.workflowSpec.templates[*]",
        "spec.workflowSpec",
    ),
    // Knative
    template("serving.knative.dev", "Service", "spec.template"),
    template("serving.knative.dev", "Configuration", "spec.template"),
    template("serving.knative.dev", "Revision", ""),
    template("sources.knative.dev", "ContainerSource", "spec.template"),
    // OpenShift and the Operator Lifecycle Manager
    template("apps.openshift.io", "DeploymentConfig", "spec.template"),
    // As OpenShift wrote it before API groups, and as its documentation still does.
    template("", "DeploymentConfig", "spec.template"),
    template(
        "operators.coreos.com",
        "ClusterServiceVersion",
        "spec.install.spec.deployments[*].spec.template",
    ),
    // OpenKruise
    template("apps.kruise.io", "CloneSet", "spec.template"),
    template("apps.kruise.io", "StatefulSet", "spec.template"),
    template("apps.kruise.io", "DaemonSet", "spec.template"),
    template("apps.kruise.io", "BroadcastJob", "spec.template"),
    template(
        "apps.kruise.io",
        "AdvancedCronJob",
        "spec.template.jobTemplate.spec.template",
    ),
    template(
        "apps.kruise.io",
        "AdvancedCronJob",
        "spec.template.broadcastJobTemplate.spec.template",
    ),
    template(
        "apps.kruise.io",
        "UnitedDeployment",
        "spec.template.statefulSetTemplate.spec.template",
    ),
    template(
        "apps.kruise.io",
        "UnitedDeployment",
        "spec.template.advancedStatefulSetTemplate.spec.template",
    ),
    template(
        "apps.kruise.io",
        "UnitedDeployment",
        "spec.template.cloneSetTemplate.spec.template",
    ),
    template(
        "apps.kruise.io",
        "UnitedDeployment",
        "spec.template.deploymentTemplate.spec.template",
    ),
    Row {
        group: "apps.kruise.io",
        kind: "SidecarSet",
        path: "spec",
        shape: Shape::InjectedContainers,
        defaults: None,
    },
    // KEDA, Volcano
    template("keda.sh", "ScaledJob", "spec.jobTargetRef.template"),
    template("batch.volcano.sh", "Job", "spec.tasks[*].template"),
    template("flow.volcano.sh", "JobTemplate", "spec.tasks[*].template"),
    // Tekton
    steps("Task", "spec", None),
    steps("ClusterTask", "spec", None),
    steps("TaskRun", "spec.taskSpec", Some("spec.podTemplate")),
    steps("Pipeline", "spec.tasks[*].taskSpec", None),
    steps("Pipeline", "spec.finally[*].taskSpec", None),
    steps(
        "PipelineRun",
        "spec.pipelineSpec.tasks[*].taskSpec",
        Some("spec.taskRunTemplate.podTemplate"),
    ),
    steps(
        "PipelineRun",
        "spec.pipelineSpec.finally[*].taskSpec",
        Some("spec.taskRunTemplate.podTemplate"),
    ),
    // Machine learning and data
    template(
        "kubeflow.org",
        "PyTorchJob",
        "spec.pytorchReplicaSpecs.*.template",
    ),
    template("kubeflow.org", "TFJob", "spec.tfReplicaSpecs.*.template"),
    template("kubeflow.org", "MPIJob", "spec.mpiReplicaSpecs.*.template"),
    template(
        "kubeflow.org",
        "XGBoostJob",
        "spec.xgbReplicaSpecs.*.template",
    ),
    template(
        "kubeflow.org",
        "PaddleJob",
        "spec.paddleReplicaSpecs.*.template",
    ),
    template("kubeflow.org", "JAXJob", "spec.jaxReplicaSpecs.*.template"),
    template("kubeflow.org", "Notebook", "spec.template"),
    template("ray.io", "RayCluster", "spec.headGroupSpec.template"),
    template("ray.io", "RayCluster", "spec.workerGroupSpecs[*].template"),
    template(
        "ray.io",
        "RayJob",
        "spec.rayClusterSpec.headGroupSpec.template",
    ),
    template(
        "ray.io",
        "RayJob",
        "spec.rayClusterSpec.workerGroupSpecs[*].template",
    ),
    template("ray.io", "RayJob", "spec.submitterPodTemplate"),
    template(
        "ray.io",
        "RayService",
        "spec.rayClusterConfig.headGroupSpec.template",
    ),
    template(
        "ray.io",
        "RayService",
        "spec.rayClusterConfig.workerGroupSpecs[*].template",
    ),
    template(
        "sparkoperator.k8s.io",
        "SparkApplication",
        "spec.driver.template",
    ),
    template(
        "sparkoperator.k8s.io",
        "SparkApplication",
        "spec.executor.template",
    ),
    template(
        "sparkoperator.k8s.io",
        "ScheduledSparkApplication",
        "spec.template.driver.template",
    ),
    template(
        "sparkoperator.k8s.io",
        "ScheduledSparkApplication",
        "spec.template.executor.template",
    ),
    // Others
    template(
        "actions.github.com",
        "AutoscalingRunnerSet",
        "spec.template",
    ),
    template("agones.dev", "GameServer", "spec.template"),
    template("agones.dev", "GameServerSet", "spec.template.spec.template"),
    template("agones.dev", "Fleet", "spec.template.spec.template"),
    pod_spec("standard.oam.dev", "PodSpecWorkload", "spec.podSpec"),
];
