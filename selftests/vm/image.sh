# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the VM is started from: the kernel, unpacked, and an initial RAM disk.
# Both are made once and kept in the cache, in files named by what they were
# made from. To be sourced by run, after host.sh.

# What init needs before it has a root file system
VM_MODULES=(virtio_pci virtio_console virtio_rng 9pnet_virtio 9p overlay)
VM_APPLETS=(cat cp grep hostname insmod mkdir mount sh switch_root)

# sha FILE...: 16 digits that stand for their contents
sha()
{
	sha256sum -- "$@" | cut -d ' ' -f 1 | sha256sum | cut -c 1-16
}

# make_vmlinux IMAGE OUT
make_vmlinux()
{
	[ -s "$2" ] && return
	python3 "$VMDIR/vmlinux.py" "$1" "$2.new" && mv "$2.new" "$2"
}

# unpacked MODULE-FILE: its contents
unpacked()
{
	case $1 in
	*.xz) xz -dc "$1" ;;
	*.zst) zstd -dcq "$1" ;;
	*.gz) gzip -dc "$1" ;;
	*) cat "$1" ;;
	esac
}

# make_initrd RELEASE MODULES OUT
make_initrd()
{
	local out=$3 tree=$3.tree verb file name depends applet

	[ -s "$out" ] && return
	rm -rf "$tree"
	mkdir -p "$tree"/{bin,modules,dev,proc,sys,lower,upper,root} || return
	cp "$(command -v busybox)" "$tree/bin/busybox" || return
	for applet in "${VM_APPLETS[@]}"; do
		ln -s busybox "$tree/bin/$applet" || return
	done
	install -m 755 "$VMDIR/init" "$tree/init" || return
	depends=$(modprobe -d "${2%/lib/modules/*}/" -S "$1" --show-depends \
		-a "${VM_MODULES[@]}") || return
	while read -r verb file _; do
		[ "$verb" = insmod ] || continue
		name=${file##*/}
		name=${name%%.ko*}.ko
		[ -e "$tree/modules/$name" ] && continue
		unpacked "$file" >"$tree/modules/$name" || return
		echo "$name"
	done <<<"$depends" >"$tree/order" || return
	mv "$tree/order" "$tree/modules/order" &&
		(cd "$tree" && find . | busybox cpio -o -H newc) >"$out.new" \
			2>"$tree.log" &&
		mv "$out.new" "$out" && rm -rf "$tree" "$tree.log"
}

# kvm_boots VMLINUX INITRD: whether this kernel gets to init under KVM. A
# /dev/kvm that can be opened says little; so it is tried, once.
kvm_boots()
{
	local key known dir

	[ -r /dev/kvm ] && [ -w /dev/kvm ] || return
	key=$( (uname -a; cat /sys/class/dmi/id/product_uuid /proc/cpuinfo) \
		2>/dev/null | grep -v MHz | sha256sum | cut -c 1-16)
	known=$MWB_CACHE/vm/kvm-$key-$(basename "$1")
	if [ ! -s "$known" ]; then
		dir=$(mktemp -d) || return
		timeout -k 1 10 qemu-system-x86_64 -nodefaults \
			-no-user-config -display none -no-reboot -machine q35 \
			-accel kvm -cpu host -m 512 -kernel "$1" -initrd "$2" \
			-append "console=ttyS0 panic=-1 mwbond_vm_probe" \
			-serial "file:$dir/console" >/dev/null 2>&1
		if grep -q 'mwbond-vm: probe done' "$dir/console"; then
			echo yes >"$known"
		else
			echo no >"$known"
		fi
		rm -rf "$dir"
	fi
	[ "$(cat "$known")" = yes ]
}
