"""Classes in people's own calendars: iCalendar (RFC 5545), by mail (RFC 5546, RFC 6047) and as a feed."""
