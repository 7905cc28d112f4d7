/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_plan.h -- the names by which the AMI driver and the dialplan know each other.
 *
 * The dialplan is the text that `dialer config asterisk` prints (lua/asterisk/); a test holds that
 * each name here is in that text, and each of that text's names is here.
 */
#ifndef DIALER_AMI_PLAN_H
#define DIALER_AMI_PLAN_H

/* ---- contexts and their extensions ----------------------------------------------------------- */

/* Where a customer's call goes on once it is answered: at DETECT to be told from a machine first,
 * else at PERSON, where he waits for PLAN_PATIENCE seconds to be bridged and then goes to ABANDON,
 * which says PLAN_MESSAGE and hangs up.  All of it happens without this program, too.  Who comes
 * back from a bridge later than that is hung up.  PLAY says PLAN_SOUND and hangs up. */
#define PLAN_CUSTOMER          "patter-customer"
#define PLAN_DETECT            "detect"
#define PLAN_PERSON            "person"
#define PLAN_ABANDON           "abandon"
#define PLAN_PLAY              "play"

/* Where an agent's phone waits between calls. After each bridge it is back there by itself. */
#define PLAN_AGENT             "patter-agent"
#define PLAN_WAIT              "wait"

/* Where the carrier's calls come in; its extensions are the numbers called. */
#define PLAN_INBOUND           "patter-inbound"

/* ---- channel variables that an Originate or a Setvar sets ------------------------------------ */

#define PLAN_CALL              "PATTER_CALL"       /* the ChannelId; comes back in the events */
#define PLAN_AGENT_ID          "PATTER_AGENT"      /* the agent's id; likewise */
#define PLAN_PATIENCE          "PATTER_PATIENCE"   /* whole seconds; 2 where it is not set */

#define PLAN_MESSAGE           "PATTER_MESSAGE"    /* a sound; not set: the dialplan's own */
#define PLAN_SOUND             "PATTER_SOUND"      /* likewise, for PLAY */

#define PLAN_HOLD              "PATTER_HOLD"       /* 1: he waits with music, and PLAN_SOUND now
                                                      and then */
#define PLAN_TALKED            "PATTER_TALKED"     /* 1: he was bridged; after that no message */

/* File to record to, below monitor/ in Asterisk's spool folder, without its ending (.wav): letters,
 * digits, '-', '_' and '.' only. What is recorded is both voices from the bridge on. Not set: not
 * recorded. */
#define PLAN_RECORD            "PATTER_RECORD"

/* Where in Asterisk's database, below PLAN_NOTE_FAMILY, the dialplan writes what became of an
 * answered call when it ends: its PLAN_CALL, a blank and one of these words.  A place is used again
 * after PLAN_PLACES calls. */
#define PLAN_NOTE              "PATTER_NOTE"
#define PLAN_NOTE_FAMILY       "patter"
#define PLAN_END               "patter-end"        /* the context that writes it */
#define PLAN_WAS_PERSON        "person"            /* he waited and hung up */
#define PLAN_WAS_MESSAGE       "message"           /* he heard that nobody was free */
#define PLAN_WAS_MACHINE       "machine"
#define PLAN_WAS_PLAYED        "played"
#define PLAN_WAS_TALKED        "talked"            /* or was about to be joined */
enum { PLAN_PLACES = 4096 };

/* ---- user events (Event: UserEvent, UserEvent: NAME) ----------------------------------------- */

/* Headers Call (PLAN_CALL), Status and Cause (AMDSTATUS, AMDCAUSE): MACHINE, HUMAN, NOTSURE, ...;
 * Status is empty where the switch has no machine detection.  A machine stays up for 10 s. */
#define PLAN_SAYS_DETECTED     "PatterDetected"
#define PLAN_SAYS_PERSON       "PatterPerson"      /* Call: he waits to be bridged from now on */
#define PLAN_SAYS_ABANDONED    "PatterAbandoned"   /* Call: the message begins */
#define PLAN_SAYS_AGENT_WAITS  "PatterAgentWaits"  /* Agent: at login, and after each bridge */

/* Call (here the channel's Uniqueid), Number (the caller's; may be empty) and Called: somebody rang
 * in and waits for 60 s to be taken, by a Redirect to PLAN_PERSON; PLAN_SAYS_ABANDONED follows when
 * he was not. */
#define PLAN_SAYS_INBOUND      "PatterInbound"

#endif
