# SPDX-License-Identifier: GPL-2.0-only
#
# "make help" tells what can be made.

# The kernel to build for: the running one if its headers are there, else the
# newest whose headers are.
headers := $(patsubst /lib/modules/%/build/Makefile,%,$(wildcard /lib/modules/*/build/Makefile))
running := $(shell uname -r)
newest := $(shell printf '%s\n' $(headers) | sort -V | tail -n 1)
KVER ?= $(or $(filter $(running),$(headers)),$(newest))
KDIR ?= /lib/modules/$(KVER)/build

DESTDIR ?=
PREFIX ?= /usr
DEPMOD ?= depmod

ifneq ($(V),1)
Q := @
MAKEFLAGS += --no-print-directory
endif

# Modules are built in a copy of the tree, made of symbolic links, so that one
# checkout serves several kernels and its own directories stay clean. The name
# of the kernel in the path is how selftests/vm/run finds the module.
BUILD := $(CURDIR)/build/$(KVER)
KBUILD_MAKE = $(MAKE) -C $(KDIR) M=$(BUILD)

all: module tools

module: links
	$(Q)$(KBUILD_MAKE) modules

links:
	$(Q)[ -n "$(KVER)" ] || { \
		echo 'no kernel headers; selftests/deps.sh installs them' >&2; exit 1; }
	$(Q)[ -f "$(KDIR)/Makefile" ] || { \
		echo 'no kernel headers in $(KDIR)' >&2; exit 1; }
	$(Q)mkdir -p "$(BUILD)"
	$(Q)find "$(BUILD)" -xtype l -delete
	$(Q)cp -rsn "$(CURDIR)/Kbuild" "$(CURDIR)/kernel" "$(CURDIR)/include" "$(BUILD)/"

tools:
	$(Q)$(MAKE) -C tools

install: install-module install-tools

install-module: module
	$(Q)$(KBUILD_MAKE) INSTALL_MOD_PATH="$(DESTDIR)" INSTALL_MOD_DIR=updates \
		CONFIG_MODULE_SIG_ALL= modules_install
	$(Q)[ -n "$(DESTDIR)" ] || $(DEPMOD) -a "$(KVER)"

install-tools: tools
	$(Q)$(MAKE) -C tools install DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)"

# What dkms takes: "make install-dkms; dkms install mwbond/VERSION".
dkms_version := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
dkms_source = $(DESTDIR)/usr/src/mwbond-$(dkms_version)

install-dkms:
	$(Q)mkdir -p "$(dkms_source)"
	$(Q)cp -r Kbuild Makefile COPYING dkms.conf kernel include "$(dkms_source)/"

# Nothing of this is loaded into this machine's own kernel.
demo:
	$(Q)selftests/deps.sh demo
	$(Q)kernel=$$(selftests/vm/kernels newest | cut -f 1) && \
		$(MAKE) all KVER="$$kernel" && $(MAKE) -C selftests && \
		exec selftests/vm/run -k "$$kernel" -t 600 -- selftests/demo.sh

check:
	$(Q)selftests/check.sh

# And on the newest kernel that Debian has (wants debootstrap), and what takes long
check-matrix:
	$(Q)selftests/check.sh --matrix

coverage:
	$(Q)selftests/check.sh functional-debug; status=$$?; \
		sed -n '/per cent of the lines/,$$p' \
			build/check/functional-debug.log; exit $$status

check-quick:
	$(Q)selftests/check.sh --quick

# For a User-Mode Linux of KIND fast or debug
KIND ?= fast
module-uml:
	$(Q)dir=$$(selftests/uml/kernel $(KIND)) && \
		$(MAKE) module ARCH=um KDIR="$$dir" \
			KVER="$$(cat "$$dir/include/config/kernel.release")"

# NAME: one or some of selftests/net/scenarios; all without
scenarios: tools module-uml
	$(Q)$(MAKE) -C selftests
	$(Q)selftests/net/table $(NAME)

plot:
	$(Q)selftests/net/plot $(NAME)

# Also "make sim N=5000 SEED=201".
sim:
	$(Q)$(MAKE) -C selftests/sim check

# Wants a machine with nothing else to do only for the absolute figures.
bench-fec:
	$(Q)selftests/bench/fec.sh

fuzz:
	$(Q)$(MAKE) -C selftests/fuzz

style:
	$(Q)selftests/style.sh

layering:
	$(Q)selftests/layering.sh

clean:
	$(Q)rm -rf build
	$(Q)$(MAKE) -C tools clean
	$(Q)$(MAKE) -C selftests clean
	$(Q)$(MAKE) -C selftests/unit clean
	$(Q)$(MAKE) -C selftests/sim clean

help:
	@echo 'all          the module, for KVER=$(KVER), and the tools'
	@echo 'module       the module, in build/KVER (C=1, W=1 as in the kernel)'
	@echo 'module-uml   the same for selftests/uml, KIND=fast or debug'
	@echo 'tools        mwbctl and the plugin for ip'
	@echo 'install      module, tools, manual and completion (DESTDIR, PREFIX)'
	@echo 'install-dkms the source, in /usr/src, for dkms'
	@echo 'demo         two emulated WANs and a bond over them, in a VM'
	@echo 'coverage     how much of the module the tests run'
	@echo 'check        all tests; check-quick: the few of the edit loop'
	@echo 'scenarios    figures of emulated networks, and others beside (NAME=...)'
	@echo 'plot         rate and delay of one of them over time (NAME=...), SVG'
	@echo 'sim          the bond over N=200 random networks, from SEED=1 on'
	@echo 'check-matrix also on the kernel of Debian sid, and what takes long'
	@echo 'bench-fec    speed of the Reed-Solomon code, and of others beside it'
	@echo 'fuzz         libFuzzer on the core (FUZZ_SECONDS=60)'
	@echo 'style        checkpatch, sparse, kernel-doc, shellcheck, mandoc'
	@echo 'layering     that the includes in kernel/ point one way'
	@echo 'clean        remove all that was built'
	@echo ''
	@echo 'V=1 shows the commands.'

.PHONY: all module module-uml links tools install install-module install-tools \
	install-dkms demo check coverage check-quick check-matrix fuzz \
	scenarios plot sim bench-fec style layering clean help
