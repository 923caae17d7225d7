# What ldirectord's own parser makes of configurations: many files by one Perl, and none of it does anything.
#
#   { cat read-config.pl; echo __END__; cat question.json; } | perl - /usr/sbin/ldirectord
#
# The question: {"names": {"4 rs1": "10.0.0.1"}, "ports": {"tcp www": 80}, "files": ["…"]}. The answer: an array, for each file
# {"refused": "…", "line": 3} or {"globals": {…}, "virtuals": [{…}]}. Names of hosts and ports are those of the question alone.
use strict;
use warnings;
no warnings 'once';
use JSON::PP;
use PerlIO::scalar ();
use POSIX ();
use Socket qw(:DEFAULT AI_NUMERICHOST);
use File::Temp;

my $script = shift or die "where is ldirectord?\n";
my $question = decode_json(do { local $/; <STDIN> });
our ($CONFIG, @VIRTUAL, $FALLBACK, $FALLBACK6, $HOSTNAME, $DAEMON_STATUS_ALL);

BEGIN {
    # An empty protocol stands for any: perldoc -f getservbyname.
    *CORE::GLOBAL::getservbyname = sub {
        my ($name, $protocol) = @_;
        my $port = $question->{ports}{($protocol || 'any') . " $name"};
        return defined $port ? ($name, '', $port, $protocol) : ();
    };
}

# As Socket6 has them.
sub getaddrinfo {
    my ($name, $port, $family) = @_;
    my $known = $question->{names}{($family == AF_INET6 ? 6 : 4) . " $name"} // $name;
    # Socket6 takes no name for this machine.
    $known = $family == AF_INET6 ? '::1' : '127.0.0.1' if $name eq '';
    my ($error, @found) = Socket::getaddrinfo($known, $port, { family => $family, flags => AI_NUMERICHOST });
    return ("$error") if $error;
    return map { ($_->{family}, $_->{socktype}, $_->{protocol}, $_->{addr}, $_->{canonname}) } @found;
}
sub getnameinfo { my ($error, @names) = Socket::getnameinfo(@_); return $error ? ("$error") : @names }
sub inet_pton { return Socket::inet_pton(@_) }
sub NI_NUMERICHOST { return Socket::NI_NUMERICHOST() }
sub NI_NUMERICSERV { return Socket::NI_NUMERICSERV() }
sub NI_NAMEREQD { return Socket::NI_NAMEREQD() }

# Its functions, without what it does.
open(my $in, '<', $script) or die "$script: $!\n";
my $program = do { local $/; <$in> };
my ($vars) = $program =~ /^(use vars qw\(.*?\);)$/ms;
my ($defaults) = $program =~ /^(\$DAEMON_STATUS_STARTING\s.*?)^# default values$/ms;
my ($functions) = $program =~ /^# functions\n(.*)\z/ms;
die "$script: is this ldirectord?\n" unless $vars && $defaults && $functions;
# Without the modules that its checks need, also where they are: some of these, when what they may do without is there, never end loading.
my $empty = sub { my $nothing = '1;'; open(my $module, '<', \$nothing); return $module };
my $isLoaded = do {
    local @INC = ($empty);
    eval "no strict; no warnings; $vars $defaults sub setlogsock {} sub openlog {} sub syslog {}\n$functions\n1"
};
die $@ unless $isLoaded;

my $at;
{
    no warnings 'redefine';
    *config_error = sub { $at = $_[0]; die "refused: $_[1]\n" };
    *config_warn = sub { };
    *ld_openlog = sub { return 0 };
}
$HOSTNAME = 'localhost';

sub picked {
    my ($from, @keys) = @_;
    return { map { $_ => defined $from->{$_} ? "$from->{$_}" : undef } @keys };
}

sub answer {
    my ($text) = @_;
    my $file = File::Temp->new;
    binmode $file, ':utf8';
    print $file $text;
    close $file;
    $CONFIG = $file->filename;
    # A service that is read for ever is none.
    local $SIG{ALRM} = sub { die "refused: it never ends\n" };
    alarm 20;
    my $isRead = eval { read_config(); ld_setup(); 1 };
    alarm 0;
    if (!$isRead) {
        my $why = $@;
        return $why =~ /^refused: (.*)/ ? { refused => $1, line => $at } : { died => $why };
    }
    no strict 'vars';
    return {
        globals => {
            interval => "$main::CHECKINTERVAL", quiescent => $main::QUIESCENT, readdquiescent => $main::READDQUIESCENT,
            cleanstop => $main::CLEANSTOP, autoreload => $main::AUTOCHECK, fork => $main::FORKING,
            maintenancedir => $main::MAINTDIR, logfile => $main::LDIRLOG, failurecount => "$main::FAILURECOUNT",
        },
        virtuals => [ map { virtual($_) } @VIRTUAL ],
    };
}

sub virtual {
    my ($v) = @_;
    my $fallback = fallback_find($v);
    return {
        id => get_virtual_id_str($v),
        %{ picked($v, qw(scheduler checktype service request receive checktimeout negotiatetimeout failurecount quiescent checkinterval)) },
        fallback => $fallback && defined $fallback->{server} ? picked($fallback, qw(server port forward)) : undef,
        reals => [ map { picked($_, qw(server port forward weight)) } @{ $v->{real} } ],
    };
}

binmode STDOUT, ':utf8';
print JSON::PP->new->canonical->encode([ map { answer($_) } @{ $question->{files} } ]);
