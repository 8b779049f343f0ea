/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * nlb.h - the C face of the NLB core, and the only header the Wireshark shim includes from src/.
 *
 * Conventions
 *  - Functions describe (static tables), feed (change the state, once for each layer of a record),
 *    or report (const: any record, any order, any number of times).
 *  - Handles are opaque. Who calls *_new owns the handle and calls *_free; *_free(NULL) is allowed.
 *  - No exception and no longjmp crosses this face; there are no callbacks. Functions that can fail
 *    return nlb_status; what each leaves behind when memory runs out stands at NLB_ERR_STOPPED.
 *  - Strings are UTF-8, NUL-ended and owned by the core: static in the description tables; in
 *    reports valid until the report is changed or freed. They are data, never format strings.
 *  - Addresses are in network byte order; numbers are in host byte order; times are nanoseconds
 *    since the Unix epoch of the capture's own clock, which may run backwards.
 *  - Two captures may be open at once: their handles share nothing that changes. A capture and what
 *    is filled from it (reports, tables) are used by one thread at a time.
 */
#ifndef NLB_H
#define NLB_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum nlb_status {
  NLB_OK = 0,
  /* A NULL pointer, an impossible length, or no heartbeat. No capture, summary or timeline was
   * changed; a report that was to be filled is empty. */
  NLB_ERR_ARGUMENT = 1,
  /* Memory ran out inside.
   * nlb_capture_feed: the capture has stopped. It refuses every later frame with this status; what
   *   it reported before stays readable, and the frame where it happened has the finding
   *   nlb.stopped.
   * nlb_capture_report, nlb_decode: the report is empty; the same call may succeed later.
   * nlb_capture_link_heartbeat: the report keeps what it had, and some of the links or none.
   * nlb_summary_add, nlb_diagnosis_add, nlb_timeline_add, nlb_flow_add: the record may be counted
   *   in part; the next one is taken. */
  NLB_ERR_STOPPED = 2,
  /* nlb_capture_feed alone: done, as NLB_OK, and by this layer there is something to report of its
   * record. */
  NLB_REPORTABLE = 3
} nlb_status;

/* ---- describe
 * ------------------------------------------------------------------------------------------ */

/* Which protocol of the shim a field or finding belongs to. */
typedef enum nlb_section {
  NLB_SECTION_HEARTBEAT = 0, /* filter "nlb": what the sender wrote into the frame */
  NLB_SECTION_ANALYSIS = 1   /* filter "nlb.analysis": what the core concluded */
} nlb_section;

typedef enum nlb_kind {
  NLB_KIND_NONE = 0, /* a heading: text only */
  NLB_KIND_UINT8 = 1,
  NLB_KIND_UINT16 = 2,
  NLB_KIND_UINT32 = 3,
  NLB_KIND_UINT64 = 4,
  NLB_KIND_BOOLEAN = 5, /* one bit of a 32-bit word when mask != 0 */
  NLB_KIND_STRING = 6,
  NLB_KIND_ETHER = 7,
  NLB_KIND_IPV4 = 8,
  NLB_KIND_IPV6 = 9,
  NLB_KIND_FRAME = 10,    /* a frame number the user can jump to */
  NLB_KIND_DURATION = 11, /* nanoseconds, may be negative */
  NLB_KIND_BYTES = 12,
  NLB_KIND_COUNT = 13
} nlb_kind;

typedef enum nlb_show {
  NLB_SHOW_DEC = 0,
  NLB_SHOW_HEX = 1,
  NLB_SHOW_VERSION = 2, /* byte 1 "." byte 0: 0x206 is 2.6; nlb_show_version() writes it */
  NLB_SHOW_COPY = 3,    /* NLB_KIND_FRAME only: the other frame is a copy of this one */
  NLB_SHOW_SEVERITY = 4 /* an nlb_severity; nlb_severity_name() writes it */
} nlb_show;

typedef struct nlb_field_desc {
  const char *filter; /* Wireshark display filter name, for example "nlb.host_id" */
  const char *title;  /* label in the tree */
  const char *help;   /* one sentence */
  nlb_kind kind;
  nlb_show show;
  uint32_t mask; /* bits of the word this field shows; 0 = the whole value */
  nlb_section section;
} nlb_field_desc;

/* CHAT normal NLB behaviour explained; NOTE unusual but legal; WARN probably misconfigured;
 * ERROR contradicts the protocol. */
typedef enum nlb_severity { NLB_CHAT = 0, NLB_NOTE = 1, NLB_WARN = 2, NLB_ERROR = 3 } nlb_severity;

/* Wireshark's expert groups, as far as the findings use them. */
typedef enum nlb_group {
  NLB_GROUP_SEQUENCE = 0,
  NLB_GROUP_PROTOCOL = 1,
  NLB_GROUP_MALFORMED = 2,
  NLB_GROUP_ASSUMPTION = 3
} nlb_group;

typedef struct nlb_finding_desc {
  const char *filter; /* for example "nlb.analysis.foreign_router" */
  nlb_severity severity;
  nlb_group group;
  const char *summary;         /* what was seen, a few words */
  const char *cause;           /* one sentence */
  const char *remedy;          /* one sentence */
  const char *not_raised_when; /* although it looks alike */
  const char *source;          /* where the fact comes from */
  nlb_section section;
} nlb_finding_desc;

/* A scalar setting. Its index in the table is its index in nlb_config.value. */
typedef struct nlb_setting_desc {
  const char *name; /* without the "nlb." in front */
  const char *title;
  const char *help;
  const char *unit;       /* "ms", "periods", or "" */
  uint32_t default_value; /* for switches 0 or 1 */
  uint32_t lowest, highest;
  uint8_t is_switch; /* a yes/no setting */
} nlb_setting_desc;

size_t nlb_field_count(void);
const nlb_field_desc *nlb_field(size_t index); /* NULL past the end */
size_t nlb_finding_count(void);
const nlb_finding_desc *nlb_finding(size_t index); /* NULL past the end */
size_t nlb_setting_count(void);
const nlb_setting_desc *nlb_setting(size_t index);    /* NULL past the end */
const char *nlb_severity_name(nlb_severity severity); /* Wireshark's word: "Chat", "Note", ... */
/* Writes "2.6" for 0x206; always NUL-ended when size > 0. */
void nlb_show_version(uint32_t version, char *out, size_t size);

/* What a command for a switch, router, hypervisor or Windows is for. */
typedef enum nlb_purpose {
  NLB_PURPOSE_STATIC_ARP = 0,
  NLB_PURPOSE_STATIC_MAC,
  NLB_PURPOSE_BOUND_ADDRESS,
  NLB_PURPOSE_QUERIER,
  NLB_PURPOSE_ARP_INSPECTION,
  NLB_PURPOSE_VMWARE,
  NLB_PURPOSE_HYPERV,
  NLB_PURPOSE_WINDOWS,
  NLB_PURPOSE_COUNT
} nlb_purpose;

typedef struct nlb_command_desc {
  nlb_purpose purpose;
  const char *system;  /* "Cisco IOS"; for Windows what the command is for */
  unsigned modes;      /* cluster modes it is for: bits 1 << nlb_mode */
  const char *command; /* a line for each step, with placeholders in braces; may be "" */
  const char *remark;  /* half a sentence, or "" */
  const char *source;  /* the document it is taken from */
} nlb_command_desc;

size_t nlb_command_count(void);
const nlb_command_desc *nlb_command(size_t index); /* NULL past the end */
const char *nlb_purpose_title(nlb_purpose purpose);
const char *nlb_purpose_intro(nlb_purpose purpose); /* a sentence */
/* Writes the command filled in for an example: the cluster 192.168.2.10 in VLAN 112. Always
 * NUL-ended when size > 0. */
void nlb_command_example(size_t index, char *out, size_t size);

/* The display filter for every frame with a warning, an error or a malformed heartbeat. */
const char *nlb_broken_filter(void);

/* EtherType numbers the heartbeat decoder listens on: 0x886F [KB232711] and, for Convoy and early
 * WLBS, 0xBF01. */
#define NLB_ETHERTYPE 0x886F
#define NLB_ETHERTYPE_CONVOY 0xBF01

/* ---- settings
 * ------------------------------------------------------------------------------------------ */

/* Index of each scalar setting in nlb_config.value; nlb_setting() describes them in this order. */
enum {
  NLB_SETTING_REPLACE_BUILTIN = 0,
  NLB_SETTING_SHOW_BUILTIN,
  NLB_SETTING_HEARTBEAT_PERIOD,    /* ms */
  NLB_SETTING_HEARTBEAT_TOLERANCE, /* periods */
  NLB_SETTING_COPY_DETECTION,
  NLB_SETTING_COPY_WINDOW, /* ms */
  NLB_SETTING_COUNT
};

typedef enum nlb_mode {
  NLB_MODE_UNKNOWN = 0,
  NLB_MODE_UNICAST,
  NLB_MODE_MULTICAST,
  NLB_MODE_IGMP
} nlb_mode;

typedef struct nlb_cluster_entry { /* a row of the user's cluster table */
  uint8_t cluster_ip[4];
  nlb_mode mode;
  uint8_t mac[6]; /* all zero: derived from mode and cluster_ip */
} nlb_cluster_entry;

typedef struct nlb_router_entry { /* a row of the user's router table */
  uint8_t mac[6];
  const char *name; /* may be "" */
} nlb_router_entry;

/* Copied by nlb_capture_new; immutable for the life of the handle. */
typedef struct nlb_config {
  uint32_t
      value[NLB_SETTING_COUNT]; /* values outside their limits are moved to the nearest limit */
  const nlb_cluster_entry *clusters;
  size_t cluster_count;
  const nlb_router_entry *routers;
  size_t router_count;
} nlb_config;

void nlb_config_defaults(nlb_config *config);

/* ---- feed
 * ---------------------------------------------------------------------------------------------- */

typedef struct nlb_capture nlb_capture; /* everything known about one opened file */

/* The link-layer header that the bytes of a frame begin with. */
typedef enum nlb_link {
  NLB_LINK_ETHERNET = 0, /* the destination MAC */
  NLB_LINK_COOKED,       /* LINKTYPE_LINUX_SLL: tcpdump -i any; there is no destination MAC */
  NLB_LINK_COOKED2,      /* LINKTYPE_LINUX_SLL2 */
  NLB_LINK_OTHER         /* anything else: not analysed, which is said once */
} nlb_link;

/* One layer of a record: an Ethernet header and the bytes behind it, outermost or inside a tunnel;
 * or a whole record of another link type. */
typedef struct nlb_frame {
  uint64_t record; /* identity of the captured record: its offset in the file */
  uint32_t number; /* the number the user sees, from 1; a read filter may use it again */
  uint32_t layer;  /* 0 for the first Ethernet header of the record, 1 for the next, ... */
  uint32_t interface_id;
  uint32_t captured_len; /* bytes present */
  uint32_t wire_len;     /* bytes on the wire, without FCS; at least captured_len */
  int64_t time_ns;
  const uint8_t *bytes; /* from the link's header on; borrowed for the call; may be NULL if
                           captured_len is 0 */
  nlb_link link;
} nlb_frame;

/* NULL when out of memory. config may be NULL for the defaults. */
nlb_capture *nlb_capture_new(const nlb_config *config);
void nlb_capture_free(nlb_capture *capture);

/* Takes in one layer of a record, in the order of the file, outermost layer first. A layer again of
 * the record that was fed last is a no-op, and gives what the record as a whole gave: a read filter
 * in the window does that. Any other record is taken for a new one, so the caller feeds each but
 * once. A number that was used by an earlier
 * record means that a read filter hid that one: state learned from it is kept, references to it
 * are dropped. */
nlb_status nlb_capture_feed(nlb_capture *capture, const nlb_frame *frame);

/* ---- report
 * -------------------------------------------------------------------------------------------- */

#define NLB_ITEM_GENERATED 1u /* not in the bytes */
#define NLB_ITEM_HIDDEN 2u    /* for filters and columns; not drawn */

typedef struct nlb_item {
  uint16_t field; /* index for nlb_field() */
  uint8_t
      depth; /* 0 = directly below the protocol's line; 1 = below the last item of depth 0, ... */
  uint8_t flags;   /* NLB_ITEM_* */
  uint32_t offset; /* in the bytes given to nlb_decode; 0 with length 0 when generated */
  uint32_t length;
  uint64_t value; /* numbers, booleans, frame numbers; durations as int64_t; the whole word where
                     mask != 0 */
  uint8_t address[16]; /* ETHER, IPV4, IPV6 */
  const char *text; /* STRING: the value. NONE: the line. UINT*, FRAME: shown in place of the value,
                       or NULL. Others: NULL */
} nlb_item;

#define NLB_NO_ITEM UINT32_MAX

typedef struct nlb_hit {
  uint32_t finding; /* index for nlb_finding() */
  uint32_t item;    /* the item it hangs on, or NLB_NO_ITEM for the protocol's own line */
  const char *text; /* a sentence that names MACs, addresses and hosts; frames are items; never
                      NULL */
} nlb_hit;

typedef struct nlb_view {
  const nlb_item *items;
  size_t item_count;
  const nlb_hit *hits; /* of nlb_capture_report: gravest first */
  size_t hit_count;
  const char *summary; /* the protocol's line and, for heartbeats, the Info column; "" when there is
                          nothing */
} nlb_view;

typedef struct nlb_report nlb_report; /* filled, read, and filled again for the next record */

nlb_report *nlb_report_new(void); /* NULL when out of memory */
void nlb_report_free(nlb_report *report);
/* Valid until the next call that fills the report or adds to it. */
nlb_view nlb_report_view(const nlb_report *report);

/* Whether there is anything to report of the record that the user sees under this number: the view
 * would have items or hits. It may become true later, when a copy of the record is fed. Costs next
 * to nothing, and is 0 for most records of most captures. Of the record that was fed last it need
 * not be asked where each of its layers gave NLB_OK: it is 0 then. */
int nlb_capture_is_reportable(const nlb_capture *capture, uint32_t number);

/* Whether the view would have hits. */
int nlb_capture_has_finding(const nlb_capture *capture, uint32_t number);

typedef enum nlb_detail {
  NLB_DETAIL_SUMMARY = 0,  /* summary and hits only */
  NLB_DETAIL_FULL = 1,     /* items too */
  NLB_DETAIL_FINDINGS = 2, /* as the next, and hits have the finding's summary in place of the
                              sentence */
  NLB_DETAIL_SENTENCES = 3 /* as the first, but the report is of no use for tables */
} nlb_detail;

/* What the core concluded about one record: all its Ethernet layers as they were fed. Const: any
 * record, any order. The report points into the layers and their bytes: they must live as long as
 * it is given to other functions (tables, diagnosis, timeline, flow, conversations).
 * nlb_report_view does not need them. */
nlb_status nlb_capture_report(const nlb_capture *capture, const nlb_frame *layers,
                              size_t layer_count, nlb_detail detail, nlb_report *report);

/* True when the first four bytes are one of the three NLB signatures. */
int nlb_is_heartbeat(const uint8_t *payload, size_t captured_len);

/* What one heartbeat says: pure, no state. payload starts behind the EtherType. destination (6
 * bytes) tells the mode and may be NULL. */
nlb_status nlb_decode(const uint8_t *payload, size_t captured_len, size_t wire_len,
                      const uint8_t *destination, nlb_detail detail, nlb_report *report);

/* Adds to a report filled by nlb_decode what links this heartbeat to the one before:
 * previous_heartbeat, interval, packets_handled.delta. frame is the Ethernet layer that carried it,
 * as it was fed. */
nlb_status nlb_capture_link_heartbeat(const nlb_capture *capture, const nlb_frame *frame,
                                      nlb_report *report);

/* ---- tables
 * -------------------------------------------------------------------------------------------- */

/* Statistics over the records that were added: the columns are described, the rows are text and
 * numbers, so that one loop draws every table. The number of rows is bounded. */
typedef enum nlb_table {
  NLB_TABLE_CLUSTERS = 0,
  NLB_TABLE_LOAD,
  NLB_TABLE_FINDINGS,
  NLB_TABLE_ADDRESSES,
  NLB_TABLE_CAPTURE,
  NLB_TABLE_COMMANDS,
  NLB_TABLE_COUNT
} nlb_table;

typedef enum nlb_cell_kind {
  NLB_CELL_TEXT = 0,
  NLB_CELL_UINT, /* a count of frames or less: fits in 32 bits */
  NLB_CELL_UINT64,
  NLB_CELL_FLOAT
} nlb_cell_kind;

typedef struct nlb_column_desc {
  const char *title;
  nlb_cell_kind kind;
} nlb_column_desc;

typedef struct nlb_cell {
  const char *text; /* NLB_CELL_TEXT */
  uint64_t number;  /* NLB_CELL_UINT, NLB_CELL_UINT64 */
  double real;      /* NLB_CELL_FLOAT */
} nlb_cell;

const char *nlb_table_name(nlb_table table);  /* "clusters": the word behind "-z nlb," */
const char *nlb_table_title(nlb_table table); /* "Clusters" */
size_t nlb_table_column_count(nlb_table table);
const nlb_column_desc *nlb_table_column(nlb_table table, size_t column); /* NULL past the end */

typedef struct nlb_summary nlb_summary; /* one table being summed up */

nlb_summary *nlb_summary_new(nlb_table table); /* NULL when out of memory */
void nlb_summary_free(nlb_summary *summary);
void nlb_summary_clear(nlb_summary *summary);
/* Adds the record that nlb_capture_report filled the report for, reportable or not. Here, in the
 * diagnosis and in the timeline, records are added in the order of the file. */
nlb_status nlb_summary_add(nlb_summary *summary, const nlb_capture *capture,
                           const nlb_report *report);
size_t nlb_summary_row_count(const nlb_summary *summary);
/* Records that were added: without any, an empty table says nothing. */
uint64_t nlb_summary_looked_at(const nlb_summary *summary);
/* The rows that changed since the last call, as [*first, *end); empty when first == end. Rows are
 * sorted. Once this was called, the new rows of a large table are put at its end; now and then all
 * are sorted again, and then the range is large. */
void nlb_summary_changes(nlb_summary *summary, size_t *first, size_t *end);
/* Text is valid until the next call on this summary. A cell past the end is empty. */
nlb_cell nlb_summary_cell(nlb_summary *summary, size_t row, size_t column);

/* ---- diagnosis
 * -----------------------------------------------------------------------------------------
 */

/* The report in words: what is wrong, why, what to do, what cannot be judged, the clusters, and the
 * commands filled in for them. */
typedef struct nlb_diagnosis nlb_diagnosis;

typedef enum nlb_markup {
  NLB_PLAIN = 0, /* lines of at most 74 columns, as far as their words allow */
  NLB_MARKDOWN
} nlb_markup;

nlb_diagnosis *nlb_diagnosis_new(void); /* NULL when out of memory */
void nlb_diagnosis_free(nlb_diagnosis *diagnosis);
void nlb_diagnosis_clear(nlb_diagnosis *diagnosis);
/* Adds the record that nlb_capture_report filled the report for, reportable or not. */
nlb_status nlb_diagnosis_add(nlb_diagnosis *diagnosis, const nlb_capture *capture,
                             const nlb_report *report);
/* Valid until the next call on this diagnosis; "" when out of memory. */
const char *nlb_diagnosis_text(nlb_diagnosis *diagnosis, nlb_markup markup);

/* ---- timeline
 * ------------------------------------------------------------------------------------------ */

/* One line of the timeline that a record counts for, outermost first. */
typedef struct nlb_moment {
  const char *cluster; /* "192.168.2.10" */
  const char *part;    /* "Hosts up and down" */
  const char *line;    /* the event, or the second it belongs to */
} nlb_moment;

typedef struct nlb_timeline nlb_timeline; /* which lines there are so far; bounded */

nlb_timeline *nlb_timeline_new(void); /* NULL when out of memory */
void nlb_timeline_free(nlb_timeline *timeline);
/* Adds the record that nlb_capture_report filled the report for, since_start_ns after the first of
 * the file. */
nlb_status nlb_timeline_add(nlb_timeline *timeline, const nlb_capture *capture,
                            const nlb_report *report, int64_t since_start_ns);
/* The lines of the record that was added last. Text is valid until the next call that adds. */
size_t nlb_timeline_count(const nlb_timeline *timeline);
nlb_moment nlb_timeline_moment(const nlb_timeline *timeline, size_t index); /* empty past the end */

/* ---- flow graph
 * ----------------------------------------------------------------------------------------
 */

/* A record as an arrow from one column to another. Columns are told apart by their names. */
typedef struct nlb_arrow {
  const char *from;      /* "10.0.0.5", "host 1 of 192.168.2.10", "FORWARDER 00:15:5d:01:02:03" */
  const char *to;        /* never the same as from */
  const char *label;     /* a few words: "SYN", "frame 7 again", "! host 2 lost" */
  const char *comment;   /* the finding that is told here; "" when there is none */
  nlb_severity severity; /* of that finding; NLB_CHAT when there is none */
  uint16_t from_port, to_port; /* 0 when there are none */
} nlb_arrow;

typedef struct nlb_flow nlb_flow; /* which columns there are so far, and what was told; bounded */

nlb_flow *nlb_flow_new(void); /* NULL when out of memory */
void nlb_flow_free(nlb_flow *flow);
void nlb_flow_clear(nlb_flow *flow);
/* Adds the record that nlb_capture_report filled the report for. Records are added in the order of
 * the file. */
nlb_status nlb_flow_add(nlb_flow *flow, const nlb_capture *capture, const nlb_report *report);
/* The arrows of the record that was added last: none for most. Text is valid until the next call
 * that adds or clears. */
size_t nlb_flow_count(const nlb_flow *flow);
nlb_arrow nlb_flow_arrow(const nlb_flow *flow, size_t index); /* empty past the end */

/* ---- conversations
 * -------------------------------------------------------------------------------------
 */

typedef struct nlb_address {
  uint8_t bytes[16]; /* 4 or 16 of them, in network byte order */
  uint8_t version;   /* 4, 6, or 0: none */
} nlb_address;

/* What a record belongs to, for whoever wants to see all records that belong to the same. Numbers
 * only: cheap to keep for every packet that is shown. */
typedef struct nlb_belonging {
  nlb_address cluster;
  nlb_address cluster_of_host; /* of the one below */
  uint8_t host_id;             /* 0: none */
  uint8_t is_forwarded;
  uint8_t forwarder[6]; /* the box that sent this record again */
} nlb_belonging;

/* Of the record that nlb_capture_report filled the report for, in any detail that tables can use.
 * All zero when it belongs to nothing. */
nlb_belonging nlb_capture_belonging(const nlb_capture *capture, const nlb_report *report);

typedef enum nlb_conversation {
  NLB_CONVERSATION_CLUSTER = 0,
  NLB_CONVERSATION_HOST,
  NLB_CONVERSATION_FORWARDER,
  NLB_CONVERSATION_COUNT
} nlb_conversation;

#define NLB_CONVERSATION_SIZE 256 /* bytes, enough for every filter */

const char *nlb_conversation_title(nlb_conversation which); /* "NLB cluster" */
/* Writes the display filter for all records that belong to the same, or "" when this one belongs to
 * no such thing. Always NUL-ended when size > 0. Returns the length of the whole filter. */
size_t nlb_conversation_filter(const nlb_belonging *belonging, nlb_conversation which, char *out,
                               size_t size);

#ifdef __cplusplus
}
#endif

#endif /* NLB_H */
