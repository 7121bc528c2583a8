# OssMount: `make help` lists what there is to do.
#
# State of the local cluster: OSSMOUNT_STATE (default /var/lib/ossmount-local).
# Things built once and kept, such as Kubernetes itself: OSSMOUNT_CACHE (default ~/.cache/ossmount).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

export OSSMOUNT_STATE ?= /var/lib/ossmount-local
export OSSMOUNT_CACHE ?= $(HOME)/.cache/ossmount
# Empty: the local two-node cluster. "existing": the cluster of KUBECONFIG, with images of REGISTRY.
CLUSTER ?=
REGISTRY ?=
# Options of the benchmarks, such as "--only P5,P7 --rounds 2 --peers none"; BENCH=--help lists them.
BENCH ?=
# Where chaos happens (processes or cluster) and what it does: ONLY=kind,kind TIMES=n SEED=n SHORT=1, and other options in
# CHAOS; CHAOS=--help lists them.
ON ?= processes
ONLY ?=
TIMES ?=
SEED ?=
SHORT ?=
CHAOS ?=
CHAOS_OPTIONS = --on $(ON) $(if $(ONLY),--only $(ONLY)) $(if $(TIMES),--times $(TIMES)) $(if $(SEED),--seed $(SEED)) $(if $(SHORT),--short) $(CHAOS)

MVNW := ./mvnw -B -ntp
MVNW_QUIET := $(MVNW) -q
SECONDS_NOW = $$(date +%s)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Show it: a local Kubernetes, the OSS emulator, an OssMount, a pod that reads and writes files
ifeq ($(CLUSTER),existing)
	@: "$${KUBECONFIG:?make demo CLUSTER=existing uses the cluster of KUBECONFIG: set it}"
	@: "$${REGISTRY:?make demo CLUSTER=existing pulls images: give REGISTRY=..., after make push REGISTRY=...}"
	deploy/demo
else
	@$(MAKE) --no-print-directory cluster images
	deploy/local/load-image deploy/images/target/*.tar
	KUBECONFIG=$(OSSMOUNT_STATE)/kubeconfig deploy/demo
endif

.PHONY: test
test: ## Run every test: unit, component (root, /dev/fuse), end to end on the local cluster, and each fault once
	@$(MAKE) --no-print-directory check
	build/step "faults on plain processes" chaos/run --short --seed 1
	@$(MAKE) --no-print-directory e2e
	build/step "local cluster down" deploy/local/down

.PHONY: e2e
e2e: cluster images ## Run the end-to-end tests on the local cluster, and leave it up
	build/step "images into the cluster" deploy/local/load-image deploy/images/target/*.tar
	build/step "end-to-end tests" $(MVNW) -Pe2e -pl e2e -am verify -DskipUnitAndComponentTests

.PHONY: check
check: packages ## Run the unit and component tests only (those of the operator need an API server, which is built)
	build/step "Kubernetes and its tools" deploy/local/build
	build/step "unit and component tests" $(MVNW) verify

.PHONY: bench
bench: packages ## Measure beside the local disk, the SDK, s3fs and rclone; writes docs/BENCHMARKS.md
	build/step "what is measured beside" bench/peers/install
	build/step "benchmarks" $(MVNW_QUIET) -Pbench -pl bench -am verify -DskipTests -DskipITs '-Dbench.arguments=$(BENCH)'

.PHONY: chaos
chaos: packages ## Do faults to plain processes or to the cluster (ON=cluster) while workloads run: ONLY=kill-server TIMES=5, or SHORT=1
ifeq ($(ON),cluster)
	@$(MAKE) --no-print-directory cluster images
	build/step "images into the cluster" deploy/local/load-image deploy/images/target/*.tar
endif
	build/step "build" $(MVNW_QUIET) -pl chaos -am package -DskipTests
	build/step "chaos" chaos/run $(CHAOS_OPTIONS)

.PHONY: packages
packages:
	@build/step "Debian packages" build/packages

.PHONY: cluster
cluster: packages ## Start the local cluster of two nodes, if it is not up
	build/step "local cluster" deploy/local/up

.PHONY: images
images: packages ## Build the container images
	build/step "images" $(MVNW_QUIET) -pl deploy/images -am package -DskipTests -Dmaven.test.skip

.PHONY: push
push: packages ## Push the images: make push REGISTRY=registry.example.com/ossmount
	@: "$${REGISTRY:?give REGISTRY=...}"
	$(MVNW_QUIET) -pl deploy/images -am package -DskipTests -Dmaven.test.skip -Dimages.registry=$(REGISTRY) -Dimages.push=true

.PHONY: format
format: ## Format the Java code and the generated files
	$(MVNW_QUIET) spotless:apply

.PHONY: down
down: ## End all that demo or test left behind: processes, mounts, namespaces, links, cgroups
	deploy/local/down

.PHONY: clean
clean: ## Remove what the build made (not the cache of Kubernetes)
	rm -rf target */target deploy/*/target
