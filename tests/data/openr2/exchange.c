/* Two ends of openr2 that call one another without a kernel: this program is the board below the library.
 *
 * The library asks its card by open, ioctl, read and write, and the clock by gettimeofday; here all five are functions of this
 * program, so that a second lasts as long as it takes and every run gives the same octets. What each end sends is written down.
 *
 *     exchange FOLDER VARIANT CALLER CALLEE answered|busy|congestion|unallocated|cancelled
 *
 * FOLDER gets `0.g711` and `1.g711` (A-law, what the calling and the called end send, from second 0 on), `bits.txt` (port,
 * second, ABCD) and `told.txt` (second, who, what the library told its user).
 *
 * Source: openr2 1.3 r2chan.h, r2context.h; DAHDI 3.1 include/dahdi/user.h (numbers of requests)
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include <openr2.h>

enum { BLOCK = 160, BLOCK_MS = 20, QUEUE = 4, FIRST_FD = 700, SILENT = 0xD5 };
enum { IDLE = 0x9, SIGTYPE = 3, CAS = 1 << 15, BITS_CHANGED = 13, READ = 1, WRITE = 2, EVENT = 8 };
enum { RING_MS = 1200, TALK_MS = 2500, AFTER_MS = 1000, BEGIN_MS = 500, MOST_MS = 60000 };

struct end {
	openr2_context_t *context;
	openr2_chan_t *channel;
	unsigned char sent[QUEUE][BLOCK], heard[QUEUE][BLOCK];
	int sending, hearing, bits, has_event;
	uint32_t noise;
	FILE *sound;
};

static struct end ends[2];
static int now_ms, answer_ms, hang_up_ms, is_talking, is_over;
static const char *folder, *course;
static FILE *bits_file, *told_file;

static void told(int end, const char *form, ...)
{
	va_list words;
	va_start(words, form);
	fprintf(told_file, "%.3f %s ", now_ms / 1000.0, end ? "callee" : "caller");
	vfprintf(told_file, form, words);
	fputc('\n', told_file);
	va_end(words);
}

static int whose(openr2_chan_t *channel)
{
	return channel == ends[1].channel;
}

/* ---- The card and the clock -------------------------------------------------------------------------------- */

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
	at->tv_sec = 1000000 + now_ms / 1000;
	at->tv_usec = now_ms % 1000 * 1000;
	return 0;
}

int open(const char *path, int flags, ...)
{
	static int opened;
	return strcmp(path, "/dev/dahdi/channel") ? (errno = ENOENT, -1) : FIRST_FD + opened++;
}

int close(int fd)
{
	return 0;
}

ssize_t read(int fd, void *octets, size_t most)
{
	struct end *end = &ends[fd - FIRST_FD];
	if (!end->hearing)
		return errno = EAGAIN, -1;
	memcpy(octets, end->heard[0], BLOCK);
	memmove(end->heard[0], end->heard[1], --end->hearing * BLOCK);
	return BLOCK;
}

ssize_t write(int fd, const void *octets, size_t size)
{
	struct end *end = &ends[fd - FIRST_FD];
	if (size != BLOCK || end->sending == QUEUE)
		return errno = EAGAIN, -1;
	memcpy(end->sent[end->sending++], octets, BLOCK);
	return BLOCK;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list words;
	va_start(words, request);
	int *value = va_arg(words, int *);
	va_end(words);
	struct end *end = &ends[fd - FIRST_FD], *other = &ends[1 - (fd - FIRST_FD)];
	int wanted, is_set = request >> 30 == 1;
	switch (request & 0xFF) {
	case 5: /* GET_PARAMS */
		value[SIGTYPE] = CAS;
		break;
	case 3: /* FLUSH */
		end->sending = 0;
		break;
	case 8: /* GETEVENT */
		*value = end->has_event ? BITS_CHANGED : 0;
		end->has_event = 0;
		break;
	case 9: /* IOMUX */
		wanted = *value;
		*value = end->has_event ? wanted & EVENT : 0;
		*value |= end->hearing ? wanted & READ : 0;
		*value |= end->sending < 2 ? wanted & WRITE : 0;
		break;
	case 0x2B: /* SETTXBITS, GETRXBITS */
		if (!is_set) {
			*value = other->bits;
		} else if (end->bits != *value) {
			end->bits = *value;
			other->has_event = 1;
			fprintf(bits_file, "%d %.3f %d\n", fd - FIRST_FD, now_ms / 1000.0, *value & 15);
		}
		break;
	default: /* buffers, gains, law, echo: as they are */
		break;
	}
	return 0;
}

/* ---- Who uses the library ---------------------------------------------------------------------------------- */

static void on_init(openr2_chan_t *channel)
{
	told(whose(channel), "seized");
}

static void on_offered(openr2_chan_t *channel, const char *caller, const char *callee, openr2_calling_party_category_t category)
{
	told(1, "offered %s %s %s", caller ? caller : "-", callee, openr2_proto_get_category_string(category));
	if (!strcmp(course, "busy"))
		openr2_chan_disconnect_call(channel, OR2_CAUSE_BUSY_NUMBER);
	else if (!strcmp(course, "congestion"))
		openr2_chan_disconnect_call(channel, OR2_CAUSE_NETWORK_CONGESTION);
	else if (!strcmp(course, "unallocated"))
		openr2_chan_disconnect_call(channel, OR2_CAUSE_UNALLOCATED_NUMBER);
	else
		openr2_chan_accept_call(channel, OR2_CALL_WITH_CHARGE);
}

static void on_accepted(openr2_chan_t *channel, openr2_call_mode_t mode)
{
	told(whose(channel), "accepted");
	if (whose(channel))
		return;
	if (strcmp(course, "cancelled"))
		answer_ms = now_ms + RING_MS;
	else
		hang_up_ms = now_ms + RING_MS;
}

static void on_answered(openr2_chan_t *channel)
{
	told(whose(channel), "answered");
	is_talking = 1;
	hang_up_ms = now_ms + TALK_MS;
}

static void on_disconnect(openr2_chan_t *channel, openr2_call_disconnect_cause_t cause)
{
	told(whose(channel), "disconnected %s", openr2_proto_get_disconnect_string(cause));
	openr2_chan_disconnect_call(channel, OR2_CAUSE_NORMAL_CLEARING);
}

static void on_end(openr2_chan_t *channel)
{
	told(whose(channel), "ended");
	is_over |= 1 << whose(channel);
}

static void on_read(openr2_chan_t *channel, const unsigned char *octets, int size)
{
}

static void on_alarm(openr2_chan_t *channel, int alarm)
{
}

static void on_os_error(openr2_chan_t *channel, int error)
{
	told(whose(channel), "failed %d", error);
}

static void on_protocol_error(openr2_chan_t *channel, openr2_protocol_error_t error)
{
	told(whose(channel), "failed: %s", openr2_proto_get_error(error));
	is_over = 3;
}

static void on_state(openr2_chan_t *channel)
{
}

static void on_log(openr2_context_t *context, openr2_log_level_t level, const char *form, va_list words)
{
}

static int on_digit_called(openr2_chan_t *channel, char digit)
{
	return 1;
}

static void on_digit_calling(openr2_chan_t *channel, char digit)
{
}

static openr2_event_interface_t events = {
	.on_call_init = on_init,
	.on_call_offered = on_offered,
	.on_call_accepted = on_accepted,
	.on_call_answered = on_answered,
	.on_call_disconnect = on_disconnect,
	.on_call_end = on_end,
	.on_call_read = on_read,
	.on_hardware_alarm = on_alarm,
	.on_os_error = on_os_error,
	.on_protocol_error = on_protocol_error,
	.on_line_blocked = on_state,
	.on_line_idle = on_state,
	.on_context_log = on_log,
	.on_dnis_digit_received = on_digit_called,
	.on_ani_digit_received = on_digit_calling,
	.on_billing_pulse_received = on_state,
};

/* ---- The line ---------------------------------------------------------------------------------------------- */

static FILE *made(const char *name)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	if (!file)
		exit(2);
	return file;
}

/* What an end has to say: tones of its library, else noise while both talk, else silence. */
static void spoken(struct end *end, unsigned char *block)
{
	memset(block, SILENT, BLOCK);
	if (end->sending) {
		memcpy(block, end->sent[0], BLOCK);
		memmove(end->sent[0], end->sent[1], --end->sending * BLOCK);
	} else if (is_talking) {
		for (int at = 0; at < BLOCK; at++) {
			end->noise = end->noise * 1664525 + 1013904223;
			block[at] = end->noise >> 24;
		}
	}
}

static void passed(void)
{
	unsigned char block[BLOCK];
	for (int at = 0; at < 2; at++) {
		struct end *other = &ends[1 - at];
		spoken(&ends[at], block);
		fwrite(block, 1, BLOCK, ends[at].sound);
		if (other->hearing == QUEUE) /* nobody reads: the oldest is lost */
			memmove(other->heard[0], other->heard[1], --other->hearing * BLOCK);
		memcpy(other->heard[other->hearing++], block, BLOCK);
	}
}

int main(int count, char **words)
{
	if (count != 6)
		return 2;
	folder = words[1];
	course = words[5];
	bits_file = made("bits.txt");
	told_file = made("told.txt");
	for (int at = 0; at < 2; at++) {
		struct end *end = &ends[at];
		end->sound = made(at ? "1.g711" : "0.g711");
		end->noise = at + 1;
		end->context = openr2_context_new(NULL, &events, NULL, openr2_proto_get_variant(words[2]), strlen(words[3]), strlen(words[4]));
		end->channel = openr2_chan_new(end->context, at + 1, NULL, NULL);
		if (!end->channel)
			return 1;
		openr2_chan_set_idle(end->channel);
	}
	for (int after_ms = 0; after_ms < AFTER_MS && now_ms < MOST_MS; now_ms++) {
		if (now_ms == BEGIN_MS && openr2_chan_make_call(ends[0].channel, words[3], words[4], OR2_CALLING_PARTY_CATEGORY_NATIONAL_SUBSCRIBER))
			return 1;
		if (now_ms && now_ms == answer_ms) {
			told(1, "answers");
			openr2_chan_answer_call(ends[1].channel);
		}
		if (now_ms && now_ms == hang_up_ms) {
			is_talking = 0;
			told(0, "hangs up");
			openr2_chan_disconnect_call(ends[0].channel, OR2_CAUSE_NORMAL_CLEARING);
		}
		for (int at = 0; at < 2; at++)
			openr2_chan_process_event(ends[at].channel);
		if (now_ms % BLOCK_MS == BLOCK_MS - 1)
			passed();
		after_ms += is_over == 3;
	}
	for (int at = 0; at < 2; at++)
		fclose(ends[at].sound);
	fclose(bits_file);
	fclose(told_file);
	return 0;
}
