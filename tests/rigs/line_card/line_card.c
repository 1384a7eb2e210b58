// SPDX-License-Identifier: GPL-2.0-only
/*
 * A card of analog lines for the boot test, made of software: whoever plays the exchange says what voltage is on a line,
 * when it rings and what is heard. What the driver of a real card would find out by its chips is told to /dev/line_card:
 *
 *   'V' port volts   the voltage of the line; none is a line that was cut
 *   'R' port 0 | 1   the ring signal
 *   'S' port octets  what is heard next, A-law, eight octets a millisecond; silence afterwards
 *   'W' port         wait until all of it was heard
 *   'U', 'P'         the card is taken out, put in
 *
 * How often a port was lifted and how often something was sent stands in the parameters of the module: a recorder does neither.
 * Source: DAHDI 3.1 include/dahdi/kernel.h; drivers/dahdi/wctdm24xxp (what a driver tells of a line, and when)
 */
#include <linux/hrtimer.h>
#include <linux/kfifo.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include <dahdi/kernel.h>
#include <dahdi/wctdm_user.h>

#define PORTS 4
#define KEPT 65536 /* eight seconds of a line */
#define SILENCE 0xd5
#define NO_BATTERY 3 /* less than so many volts is none */
#define MOST_AT_ONCE 10 /* ticks after the machine stood still; more are left out */

struct port {
	struct dahdi_chan chan;
	int volts;
	DECLARE_KFIFO(sound, u8, KEPT);
};

struct order {
	char what;
	u8 port;
	__s16 value;
} __packed;

static struct port ports[PORTS];
static struct dahdi_chan *chans[PORTS];
static struct dahdi_span span;
static struct dahdi_device *card;
static struct hrtimer clock;
static DEFINE_MUTEX(orders);
static DECLARE_WAIT_QUEUE_HEAD(played);

static unsigned int lifted;
module_param(lifted, uint, 0444);
static unsigned int sent;
module_param(sent, uint, 0444);

static int hooksig(struct dahdi_chan *chan, enum dahdi_txsig hook)
{
	if (hook != DAHDI_TXSIG_ONHOOK)
		lifted++;
	return 0;
}

static int ioctl(struct dahdi_chan *chan, unsigned int command, unsigned long data)
{
	int mv = READ_ONCE(container_of(chan, struct port, chan)->volts) * 1000;
	struct wctdm_stats stats = { .tipvolt = mv, .ringvolt = mv, .batvolt = mv };

	if (command != WCTDM_GET_STATS)
		return -ENOTTY;
	return copy_to_user((void __user *)data, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static const struct dahdi_span_ops ops = {
	.owner = THIS_MODULE,
	.hooksig = hooksig,
	.ioctl = ioctl,
};

static void tick(void)
{
	int i, j;

	dahdi_transmit(&span);
	for (i = 0; i < PORTS; i++) {
		struct port *port = &ports[i];
		unsigned int count = kfifo_out(&port->sound, port->chan.readchunk, DAHDI_CHUNKSIZE);

		memset(port->chan.readchunk + count, SILENCE, DAHDI_CHUNKSIZE - count);
		if (count && kfifo_is_empty(&port->sound))
			wake_up(&played);
		for (j = 0; j < DAHDI_CHUNKSIZE; j++)
			sent += port->chan.writechunk[j] != SILENCE;
	}
	dahdi_receive(&span);
}

static enum hrtimer_restart ticks(struct hrtimer *timer)
{
	u64 count = min_t(u64, hrtimer_forward_now(timer, ms_to_ktime(1)), MOST_AT_ONCE);

	while (count--)
		tick();
	/* Never without a pause: a machine that is short of processor would do nothing else. */
	hrtimer_forward_now(timer, ms_to_ktime(1));
	return HRTIMER_RESTART;
}

static int plug_in(void)
{
	int i, failed;

	memset(&span, 0, sizeof(span));
	card = dahdi_create_device();
	if (!card)
		return -ENOMEM;
	dev_set_name(&card->dev, "line_card");
	card->manufacturer = "Nobody";
	card->devicetype = "Card of analog lines";
	card->location = "Nowhere";
	card->hardware_id = "line_card";
	for (i = 0; i < PORTS; i++) {
		struct dahdi_chan *chan = chans[i] = &ports[i].chan;

		memset(chan, 0, sizeof(*chan));
		snprintf(chan->name, sizeof(chan->name), "LINES/1/%d", i + 1);
		chan->chanpos = i + 1;
		chan->sigcap = DAHDI_SIG_FXSKS | DAHDI_SIG_FXSLS;
		kfifo_reset(&ports[i].sound);
	}
	strscpy(span.name, "LINES/1", sizeof(span.name));
	strscpy(span.desc, "Analog lines of software", sizeof(span.desc));
	span.spantype = SPANTYPE_ANALOG_FXO;
	span.deflaw = DAHDI_LAW_ALAW;
	span.flags = DAHDI_FLAG_RBS;
	span.chans = chans;
	span.channels = PORTS;
	span.ops = &ops;
	list_add_tail(&span.device_node, &card->spans);
	failed = dahdi_register_device(card, NULL);
	if (failed) {
		dahdi_free_device(card);
		card = NULL;
		return failed;
	}
	hrtimer_start(&clock, ms_to_ktime(1), HRTIMER_MODE_REL);
	return 0;
}

static void take_out(void)
{
	hrtimer_cancel(&clock);
	dahdi_unregister_device(card);
	dahdi_free_device(card);
	card = NULL;
}

static void set_volts(struct port *port, int volts)
{
	int before = port->volts;
	bool had = abs(before) >= NO_BATTERY, has = abs(volts) >= NO_BATTERY;

	WRITE_ONCE(port->volts, volts);
	if (!card)
		return;
	if (had && has && (before < 0) != (volts < 0))
		dahdi_qevent_lock(&port->chan, DAHDI_EVENT_POLARITY);
	if (had != has) {
		dahdi_hooksig(&port->chan, has ? DAHDI_RXSIG_OFFHOOK : DAHDI_RXSIG_ONHOOK);
		dahdi_alarm_channel(&port->chan, has ? 0 : DAHDI_ALARM_RED);
	}
}

static int queue_sound(struct port *port, const char __user *from, size_t count)
{
	unsigned int copied;

	if (count > kfifo_avail(&port->sound))
		return -ENOSPC;
	return kfifo_from_user(&port->sound, from, count, &copied);
}

static int follow(struct order order, const char __user *from, size_t count)
{
	struct port *port;

	if (order.what == 'P')
		return card ? -EBUSY : plug_in();
	if (order.what == 'U') {
		if (!card)
			return -ENODEV;
		take_out();
		return 0;
	}
	if (order.port >= PORTS)
		return -EINVAL;
	port = &ports[order.port];
	switch (order.what) {
	case 'V':
		set_volts(port, order.value);
		return 0;
	case 'R':
		if (!card)
			return -ENODEV;
		dahdi_hooksig(&port->chan, order.value ? DAHDI_RXSIG_RING : DAHDI_RXSIG_OFFHOOK);
		return 0;
	case 'S':
		return queue_sound(port, from, count);
	case 'W':
		return wait_event_interruptible(played, kfifo_is_empty(&port->sound));
	}
	return -EINVAL;
}

static ssize_t obey(struct file *file, const char __user *from, size_t count, loff_t *at)
{
	struct order order;
	int failed;

	if (count < sizeof(order))
		return -EINVAL;
	if (copy_from_user(&order, from, sizeof(order)))
		return -EFAULT;
	mutex_lock(&orders);
	failed = follow(order, from + sizeof(order), count - sizeof(order));
	mutex_unlock(&orders);
	return failed ? failed : count;
}

static const struct file_operations control_ops = {
	.owner = THIS_MODULE,
	.write = obey,
};

static struct miscdevice control = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "line_card",
	.fops = &control_ops,
	.mode = 0600,
};

static int __init begin(void)
{
	int i;

	for (i = 0; i < PORTS; i++) {
		INIT_KFIFO(ports[i].sound);
		ports[i].volts = 48;
	}
	hrtimer_init(&clock, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	clock.function = ticks;
	return misc_register(&control);
}

static void __exit end(void)
{
	misc_deregister(&control);
	if (card)
		take_out();
}

module_init(begin);
module_exit(end);
MODULE_DESCRIPTION("Analog lines of software");
MODULE_LICENSE("GPL");
