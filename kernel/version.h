/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _MWBOND_VERSION_H
#define _MWBOND_VERSION_H

#define MWB_VERSION "0.1.0"

#endif /* _MWBOND_VERSION_H */
