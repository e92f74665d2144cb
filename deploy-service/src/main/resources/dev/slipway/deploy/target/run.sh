# Runs one command so that its result outlives whoever started it.
#   $1 folder of this run   $2 time limit in seconds   $3 where its standard output goes: output or answer   $4… the command
# Writes: process (pid, its start in clock ticks since boot, the boot's id), output, answer, and at the end exit (the
# exit code).
# Every file appears whole or not at all. Of several wrappers started for one run only the first runs the command.
folder=$1 limit=$2 answer=$3
shift 3

ticks_at_start() {
    read -r stat < "/proc/$1/stat"
    set -- ${stat##*) }
    printf '%s' "${20}"
}

claim=$folder/claim.$$
read -r boot < /proc/sys/kernel/random/boot_id
printf '%s %s %s\n' "$$" "$(ticks_at_start $$)" "$boot" > "$claim"
ln "$claim" "$folder/process" 2> /dev/null
claimed=$?
rm -f "$claim"
[ "$claimed" = 0 ] || exit 0

timeout -k 5 "$limit" "$@" < /dev/null >> "$folder/$answer" 2>> "$folder/output"
printf '%s\n' "$?" > "$folder/exit.new"
mv "$folder/exit.new" "$folder/exit"
