import { describe, it } from 'node:test';
import { expect } from 'chai';
import { changesMachine } from '../../src/checks/machine-changes';

const call = (line: string) => line.split(' ');

describe('a call on the machine of the Spark install', () => {
  for (const line of [
    'systemctl is-active docker',
    'systemctl --quiet is-active docker',
    'systemctl show docker --property=ActiveState',
    'sudo -n systemctl is-active docker',
    'sudo -n lsof -i :8080',
    'sudo -n true',
    'sudo -v',
    'sudo -u root -- id',
    'sudo /usr/bin/lsof -i',
    'service docker status',
    'sysctl kernel.unprivileged_userns_clone',
    'snap list',
    'apt list --installed',
    'nvidia-ctk --version',
    'systemctl -V',
    'loginctl show-user owner',
    'crontab -l',
    'iptables -nL',
    'docker run --rm hello-world',
    'curl -fsSL address',
  ]) {
    it(`only reads, or is no change of the machine: ${line}`, () => {
      expect(changesMachine(call(line))).to.equal(false);
    });
  }

  for (const line of [
    'systemctl restart docker',
    'systemctl daemon-reload',
    'sudo -n systemctl restart docker',
    'sudo cp daemon.json /etc/docker/daemon.json',
    'sudo sh -c id',
    'sudo tee /etc/docker/daemon.json',
    'sudo FOO=1 usermod -aG docker owner',
    'usermod -aG docker owner',
    'service docker restart',
    'sysctl -w kernel.x=1',
    'sysctl kernel.x=1',
    'apt-get install -y docker.io',
    'apt-get update',
    'snap install docker',
    'modprobe overlay',
    'nvidia-ctk runtime configure',
    'reboot',
    'systemctl enable docker',
    'sudo systemctl enable --now docker',
    'apt-get install -V docker.io',
    'usermod -V 1-2 owner',
    'loginctl enable-linger owner',
    'crontab jobs',
    'iptables -A INPUT -j ACCEPT',
    'sudo docker context use other',
  ]) {
    it(`changes the machine, or tries to: ${line}`, () => {
      expect(changesMachine(call(line))).to.equal(true);
    });
  }
});
