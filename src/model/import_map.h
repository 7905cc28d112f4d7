/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_map.h -- which column of the file goes to which field.
 *
 * A route leads from a column to a slot (a field of the record, or of the person at a firm), to a
 * contact point, or nowhere with a reason that is told.  A column that matches nothing is never
 * dropped in silence.
 */
#ifndef MODEL_IMPORT_MAP_H
#define MODEL_IMPORT_MAP_H

#include "model/import.h"
#include "model/import_file.h"

typedef enum RouteKind {
    ROUTE_UNKNOWN,                     /* matches no field */
    ROUTE_UNUSED,                      /* left out, Route.why says why */
    ROUTE_SLOT,
    ROUTE_POINT,
    ROUTE_NAME,                        /* a part of a name; all parts of it share a slot */
    ROUTE_LINE,                        /* one more line of the text in its slot */
    ROUTE_REFUSAL,                     /* yes: the channel is refused; all of them share a slot */
    ROUTE_LABEL,                       /* says what the values of another column are */
    ROUTE_CREATE                       /* becomes a user field; a slot once its kind is known */
} RouteKind;

typedef enum PointKind {
    POINT_PHONE,
    POINT_FAX,
    POINT_EMAIL,
    POINT_WEB,
    POINT_OTHER,
    POINT_KINDS
} PointKind;
extern const char *const point_kind_names[POINT_KINDS];

typedef enum NamePart { NAME_GIVEN, NAME_MIDDLE, NAME_FAMILY, NAME_PARTS } NamePart;
typedef enum DayOrder {
    DAY_ORDER_UNKNOWN,
    DAY_ORDER_DMY,
    DAY_ORDER_MDY,
    DAY_ORDER_YMD,
    DAY_ORDER_MIXED                    /* cells of both; each is read that can be but one day */
} DayOrder;

typedef struct Route {
    RouteKind kind;
    Str header, norm;                  /* norm: as import_header_norm gives it */
    const char *target; /* what is told: "phone", "person.name", "customer_id (int)" */
    const char *why;
    int slot;
    PointKind point;
    bool person;                       /* of the person at the firm */
    bool given;                        /* led there by --map */
    bool titled;                       /* ROUTE_LINE: its header, or its label, stands in front */
    bool spare;                        /* for rows in which no other column fills the slot */
    const char *label; /* what a number is for, by its header: mobile, work, home; or NULL */
    int label_column;                  /* the column + 1 that says so in each row; 0: none does */
    NamePart part;
    const char *channel;               /* ROUTE_REFUSAL: email, fax, sms, letter */
    DayOrder order;                    /* of dates written 1/2/2026 */
    Field *created;                    /* ROUTE_CREATE: what will be added */
} Route;

typedef struct ImportSlot {
    const Field *field;
    const char *name;                  /* of the field; lives as long as the map */
    bool person;                       /* a field of the type `person` */
    const char *constant;              /* a value for every row; or NULL */
} ImportSlot;

typedef struct ImportMap {
    const Type *type, *person;         /* person NULL: nobody is made */
    const char *type_name;
    Route *route;                      /* columns of them */
    int columns;
    const Str *header;                 /* columns of them */
    ImportSlot *slot;                  /* slots of them */
    int slots;
    bool customers;                    /* type has contact points, tags and people */
    const char *book;                  /* the address book that wrote the file; or NULL */
    DayOrder order;                    /* of dates, as --date-order has it */
    int reject;                        /* where a reject file has line and reason; -1 */
    int country;                       /* slot that gives the region of a row's numbers; -1 none */
} ImportMap;

/* Match the columns. ERR_USAGE for a --map that fits no column or no field. Lives in the arena. */
bool import_map(Crm *crm, const ImportOptions *o, const ImportFile *f, Arena *a, ImportMap *out,
                Error *err);

/* What is left goes to the fields that an earlier import made of such columns: "Title" beside "Job
 * Title" is title_2, which has the label Title. */
void import_map_own_fields(ImportMap *m, Arena *a);
bool import_map_has_unknown(const ImportMap *m);
/* What becomes of columns that match no field: ERR_FAILED when nobody said so. */
bool import_map_settle(ImportMap *m, const ImportOptions *o, Arena *a, Error *err);
/* A column does not hold what its header promised: it matches no field, for this reason. */
void import_map_misfit(ImportMap *m, Route *r, const char *why);
/* A column is left out, for this reason, which is told. */
void import_map_leave_out(Route *r, const char *why);

/* The lines that tell what goes where. */
void import_map_tell(const ImportMap *m, const ImportTalk *talk);

/* The slot of a field of the record itself, made when there is none. */
int import_map_slot(ImportMap *m, const Field *f, bool person, Arena *a);

/* The column a user means by a header, however it is spelt: index, or -1. */
int import_map_column(const ImportMap *m, Str header);

/* The channels that a customer refuses, which are words of the table `consent`. */
bool import_is_refusals(const Field *f);

/* After user fields were added and the schema was loaded again: renew the pointers into it. */
bool import_map_renew(ImportMap *m, Crm *crm, Error *err);

#endif
